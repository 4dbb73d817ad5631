using Caisson.Emulation.Proc;
using Caisson.Kernel;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// What the handlers of calls share. All of them run on one thread, which joins mount namespaces but keeps its root directory
/// (<see cref="ThreadRoot"/> says why).
/// </summary>
public sealed partial class CallHandlers
{
    readonly NotificationMemory _memory;
    readonly Func<int, SystemFacts> _facts;
    readonly Fd _ownNetwork;
    readonly MakeProc _makeProc;
    readonly ThreadRoot _thread = ThreadRoot.Open();
    readonly Decoration _decoration;

    /// <param name="memory">What the next worker must know of a call in work.</param>
    /// <param name="files">Mount namespace whose root holds the emulated files.</param>
    /// <param name="names">Of these files.</param>
    /// <param name="masks">Masked and read-only paths of the container.</param>
    /// <param name="facts">What sysinfo(2) tells a process.</param>
    /// <param name="ownNetwork">Our network namespace, to come back to.</param>
    /// <param name="makeProc">Makes procfs where this process, with its threads, cannot: before Linux 6.17.</param>
    public CallHandlers(
        NotificationMemory memory, Fd files, IReadOnlyList<string> names, PathMasks masks, Func<int, SystemFacts> facts, Fd ownNetwork, MakeProc makeProc)
    {
        _memory = memory;
        _facts = facts;
        _ownNetwork = ownNetwork;
        _makeProc = makeProc;
        _decoration = new Decoration(_thread, files, names, masks);
    }

    /// <summary>Puts the calling thread, which handles calls from now on, where it stands between them.</summary>
    public void Settle() => _decoration.Settle();

    void Leave()
    {
        Namespace.Join(_ownNetwork, NamespaceKind.CLONE_NEWNET, "our network namespace");
        _decoration.Leave();
    }
}
