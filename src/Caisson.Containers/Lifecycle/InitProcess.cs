using Caisson.Containers.Processes;
using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Lifecycle;

/// <summary>A child in its init program, and the conversation with it: one byte for each step that one side waits for.</summary>
sealed class InitProcess
{
    readonly CompiledProgram _program;
    readonly SocketPair _socket;

    InitProcess(CompiledProgram program, SocketPair socket, int pid, Fd process)
    {
        _program = program;
        _socket = socket;
        Pid = pid;
        Process = process;
        StartTime = ProcessStat.TryRead(pid)?.StartTime ?? 0;
    }

    public int Pid { get; }

    /// <summary>Its pidfd.</summary>
    public Fd Process { get; }

    public ulong StartTime { get; }

    /// <param name="program">Its memory is kept: the child runs in it until it executes its program.</param>
    /// <param name="flags">Namespaces to be born in.</param>
    /// <param name="cgroup">cgroup v2 to be born in.</param>
    /// <param name="socket">The child's end is closed here.</param>
    /// <param name="secondClone">The step whose result is the pid of the process that stays; -1 where the first one does.</param>
    public static InitProcess Start(CompiledProgram program, ulong flags, Fd? cgroup, SocketPair socket, int secondClone)
    {
        int pid = program.Start(flags, cgroup, out Fd process);
        socket.Childs.Dispose();
        if (secondClone < 0)
        {
            return new InitProcess(program, socket, pid, process);
        }

        process.Dispose();
        ChildExit.Wait(pid);
        ThrowIfFailed(program);
        int second = (int)program.ResultOf(secondClone);
        // A child of ours that is not waited for keeps its pid, so this cannot open another process.
        Errno errno = PidFd.TryOpen(second, out Fd? opened);
        return errno == Errno.None
            ? new InitProcess(program, socket, second, opened!)
            : throw new KernelException(errno, "pidfd_open", second.ToString());
    }

    /// <summary>Waits until the child says that it got to its next step; its failure is thrown.</summary>
    public void Wait()
    {
        if (!_socket.Wait())
        {
            Fail();
        }
    }

    public void Tell()
    {
        if (!_socket.Tell())
        {
            Fail();
        }
    }

    /// <summary>Waits for the socket to close at execve; a failure after the last step is thrown.</summary>
    public void WaitForExec()
    {
        while (_socket.Wait())
        {
        }

        ThrowIfFailed(_program);
    }

    /// <summary>Ends it and reaps it.</summary>
    public void Kill()
    {
        PidFd.TrySignal(Process, Signals.SIGKILL);
        ChildExit.Wait(Pid);
    }

    void Fail()
    {
        ThrowIfFailed(_program);
        throw new ContainerException("the container's first process was killed while it was being set up");
    }

    static void ThrowIfFailed(CompiledProgram program)
    {
        if (program.Failure is { } failure)
        {
            throw StepFailure.Of(failure.Purpose, failure.Errno);
        }
    }
}
