using Caisson.Containers.Monitoring;
using Caisson.Containers.Processes;
using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;

namespace Caisson.Cli.Monitor;

/// <summary>A worker as its holder sees it.</summary>
sealed class WorkerProcess : IDisposable
{
    readonly Fd _process;
    readonly Fd _socket;
    readonly long _started = Clock.Monotonic;

    WorkerProcess(int pid, Fd process, Fd socket)
    {
        Pid = pid;
        _process = process;
        _socket = socket;
        StartTime = ProcessStat.TryRead(pid)?.StartTime ?? 0;
    }

    public int Pid { get; }

    public ulong StartTime { get; }

    /// <summary>By CLOCK_MONOTONIC.</summary>
    public TimeSpan StartedAt => TimeSpan.FromTicks(_started / 100);

    public TimeSpan Age => TimeSpan.FromTicks((Clock.Monotonic - _started) / 100);

    public static WorkerProcess Start(Fd executable, Fd log)
    {
        SocketPair pair = SocketPair.Create();
        int pid = MonitorProcess.Start(executable, "monitor-worker", pair.Childs, log, out Fd process);
        pair.Childs.Dispose();
        return new WorkerProcess(pid, process, pair.Ours);
    }

    /// <summary>One that has ended does not hear it: its end is noticed elsewhere.</summary>
    public void Send(MonitorMessage message, params ReadOnlySpan<Fd> descriptors) =>
        _ = PacketSocket.TrySend(_socket, [(byte)message], descriptors);

    /// <summary>For poll(2).</summary>
    public int Socket => _socket.Number;

    /// <summary>
    /// Takes a message of it, once its socket is readable, and does what it asks for. Its end is noticed elsewhere.
    /// </summary>
    public MonitorMessage? Answer()
    {
        byte[] request = new byte[ProcRequest.MaxSize];
        List<Fd> received = [];
        int length = PacketSocket.Receive(_socket, request, received);
        MonitorMessage? message = length > 0 ? (MonitorMessage)request[0] : null;
        if (message == MonitorMessage.MakeProc && length > 1 && received.Count == 3)
        {
            ProcRequest.Answer(request.AsSpan(0, length), received);
        }
        else
        {
            received.ForEach(fd => fd.Dispose());
        }

        return message;
    }

    public void Kill() => PidFd.TrySignal(_process, Signals.SIGKILL);

    public int Wait() => ChildExit.Wait(Pid);

    /// <summary>False while it runs. One that was stopped is killed, and will be reaped the next time.</summary>
    public bool TryReap(out int code)
    {
        if (ChildExit.TryWait(Pid, out code, out bool isStopped))
        {
            return true;
        }

        if (isStopped)
        {
            Kill();
        }

        return false;
    }

    public void Dispose()
    {
        _process.Dispose();
        _socket.Dispose();
    }
}
