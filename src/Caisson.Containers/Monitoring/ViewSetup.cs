using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Monitoring;

/// <summary>What creating a container with a view of its own needs to know of the parts that serve it.</summary>
/// <param name="Filter">Hands the calls that are handled to a listener; its flags include NEW_LISTENER.</param>
/// <param name="MemorySize">Of the monitor's memory, all parts included.</param>
public sealed record ViewSetup(SeccompFilter Filter, int MemorySize);
