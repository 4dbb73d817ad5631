using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Sysctl;
using Caisson.Kernel;

namespace Caisson.Emulation;

/// <summary>What the contents of a container's leaves are made from. One thread serves them all.</summary>
/// <param name="View">The container.</param>
/// <param name="From">Where the reader stands.</param>
/// <param name="Values">What the container wrote.</param>
/// <param name="Sysctls">The same, with what was there before.</param>
/// <param name="OwnUts">Our own UTS namespace, to come back to.</param>
sealed record LeafContext(ContainerView View, Viewpoint From, ValueStore Values, SysctlValues Sysctls, Fd OwnUts);
