using Caisson.Kernel;
using Caisson.Kernel.Mounts;

namespace Caisson.Emulation.Syscalls;

/// <summary>Has procfs of a pid namespace made by a process that can clone; null where that does not work.</summary>
/// <param name="pidNamespace">Whose processes it shows.</param>
/// <param name="mountNamespace">Whose rules apply.</param>
/// <param name="options">As mount(2) takes them.</param>
/// <param name="attributes">Of the mount.</param>
public delegate Fd? MakeProc(Fd pidNamespace, Fd mountNamespace, string options, MountAttributes attributes);
