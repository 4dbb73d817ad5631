using Caisson.Emulation.Sources;

namespace Caisson.Emulation.Proc;

/// <summary>What /proc/vmstat tells: memory, and bytes that were read from disks and written to them.</summary>
readonly record struct VmFacts(MemoryFacts Memory, long ReadBytes, long WriteBytes);
