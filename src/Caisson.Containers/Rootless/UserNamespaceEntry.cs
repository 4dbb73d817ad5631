using Caisson.Containers.Hooks;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Rootless;

/// <summary>
/// An ordinary user's command goes on as root of a user namespace: a child enters it, with a mount namespace of its own, and
/// executes this program anew. There the container needs no user namespace besides, as it is in one already. A process with a
/// runtime's threads cannot enter one itself (setns(2), unshare(2)).
/// </summary>
public static class UserNamespaceEntry
{
    const NamespaceKind Both = NamespaceKind.CLONE_NEWUSER | NamespaceKind.CLONE_NEWNS;

    /// <summary>In a new one; returns a child of ours.</summary>
    public static (int Pid, Fd Process) IntoOwn(IdMaps ids, IReadOnlyList<string> arguments)
    {
        using SocketPair socket = SocketPair.Create();
        InitProgram program = new();
        program.Add("close the parent's socket", "close", SyscallNumbers.close, socket.Ours.Number);
        program.WaitFor("the id maps", socket.Childs.Number);
        PlanExecution(program, arguments);
        return Start(program, Both, socket, pid =>
        {
            IdMapWriter.Write(pid, ids);
            socket.Tell();
        });
    }

    /// <summary>In the one of a container, or one that a spec gives by path.</summary>
    public static (int Pid, Fd Process) Into(Fd userNamespace, IReadOnlyList<string> arguments)
    {
        using SocketPair socket = SocketPair.Create();
        InitProgram program = new();
        program.Add("join the user namespace", "setns", SyscallNumbers.setns, userNamespace.Number, (nint)(uint)NamespaceKind.CLONE_NEWUSER);
        program.Add("copy the mount namespace", "unshare", SyscallNumbers.unshare, (nint)(uint)NamespaceKind.CLONE_NEWNS);
        PlanExecution(program, arguments);
        return Start(program, NamespaceKind.None, socket, _ => { });
    }

    static void PlanExecution(InitProgram program, IReadOnlyList<string> arguments)
    {
        program.Add("become root in the user namespace", "setresgid", SyscallNumbers.setresgid, 0, 0, 0);
        program.Add("become root in the user namespace", "setresuid", SyscallNumbers.setresuid, 0, 0, 0);
        HookRunner.PlanSignals(program);
        // By its path, so that it lies on a mount of the new mount namespace, of which it can make a read-only copy.
        program.Add(
            "exec", "execve", SyscallNumbers.execve, Environment.ProcessPath ?? "/proc/self/exe", InitArgument.Array(arguments, "args"),
            InitArgument.Array(HookRunner.OwnEnvironment(), "env"));
    }

    static (int Pid, Fd Process) Start(InitProgram program, NamespaceKind kinds, SocketPair socket, Action<int> prepare)
    {
        // Its memory is kept: the child runs in it until it executes the program.
        CompiledProgram compiled = new(program);
        int pid = compiled.Start((ulong)kinds, cgroup: null, out Fd process);
        socket.Childs.Dispose();
        try
        {
            prepare(pid);
        }
        catch
        {
            PidFd.TrySignal(process, Signals.SIGKILL);
            ChildExit.Wait(pid);
            throw;
        }

        // Closed at execve.
        if (!socket.Wait() && compiled.Failure is { } failure)
        {
            ChildExit.Wait(pid);
            throw new KernelException(failure.Errno, failure.Purpose);
        }

        return (pid, process);
    }
}
