using Caisson.Containers.Init;
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
    readonly InitPlan _plan;
    readonly SocketPair _socket;

    InitProcess(CompiledProgram program, InitPlan plan, SocketPair socket, int pid, Fd process)
    {
        _program = program;
        _plan = plan;
        _socket = socket;
        Pid = pid;
        Process = process;
        StartTime = ProcessStat.TryRead(pid)?.StartTime ?? 0;
    }

    public int Pid { get; }

    /// <summary>Its pidfd.</summary>
    public Fd Process { get; }

    public ulong StartTime { get; }

    /// <param name="plan">What it does.</param>
    /// <param name="flags">Namespaces to be born in.</param>
    /// <param name="cgroup">cgroup v2 to be born in.</param>
    /// <param name="socket">The child's end is closed here.</param>
    public static InitProcess Start(InitPlan plan, ulong flags, Fd? cgroup, SocketPair socket)
    {
        // Its memory is kept: the child runs in it until it executes its program.
        CompiledProgram program = new(plan.Program);
        int pid = program.Start(flags, cgroup, out Fd process);
        socket.Childs.Dispose();
        if (plan.SecondClone < 0)
        {
            return new InitProcess(program, plan, socket, pid, process);
        }

        process.Dispose();
        ChildExit.Wait(pid);
        ThrowIfFailed(program);
        int second = (int)program.ResultOf(plan.SecondClone);
        // A child of ours that is not waited for keeps its pid, so this cannot open another process.
        Errno errno = PidFd.TryOpen(second, out Fd? opened);
        return errno == Errno.None
            ? new InitProcess(program, plan, socket, second, opened!)
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

    /// <summary>Its seccomp listener, once it has said that it is ready; null where it could not have one.</summary>
    public Fd? TakeListener() => TakeListener(_plan.Listener);

    /// <param name="step">Whose result it is; -1 for none.</param>
    public Fd? TakeListener(int step)
    {
        int number = step < 0 ? -1 : (int)_program.ResultOf(step);
        if (number < 0)
        {
            return null;
        }

        Errno errno = PidFd.TryGetDescriptor(Process, number, out Fd? listener);
        return errno == Errno.None ? listener : throw new KernelException(errno, "pidfd_getfd", "seccomp listener");
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
