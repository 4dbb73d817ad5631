using Caisson.Kernel;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Monitoring;

/// <summary>What creating a container with a view of its own needs to know of the parts that serve it.</summary>
/// <param name="Filter">Hands the calls that are handled to a listener; its flags include NEW_LISTENER.</param>
/// <param name="MemorySize">Of the monitor's memory, all parts included.</param>
/// <param name="Introduce">Makes the emulated files known to the kernel.</param>
public sealed record ViewSetup(SeccompFilter Filter, int MemorySize, IntroduceFiles Introduce);

/// <summary>
/// Has the kernel learn all there is to know of the emulated files but their contents, so that they can be mounted while nobody
/// serves them; returns their names.
/// </summary>
/// <param name="memory">The monitor's, in which nothing of an earlier connection remains afterwards.</param>
/// <param name="files">A new mount.</param>
public delegate IReadOnlyList<string> IntroduceFiles(Fd memory, FuseMount files);
