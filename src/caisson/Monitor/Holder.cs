using Caisson.Containers.Monitoring;
using Caisson.Containers.Processes;
using Caisson.Emulation.Syscalls;
using Caisson.Fuse;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;

namespace Caisson.Cli.Monitor;

/// <summary>
/// Owns what a container's view hangs on, the FUSE connection, the seccomp listeners and the state, and does nothing but wait:
/// for somebody to use the view, which is when the first worker starts, for a worker to end, which it replaces with the same
/// descriptors, and for the container to end. It has one thread and allocates next to nothing, so that there is little that
/// could end it.
/// </summary>
sealed class Holder
{
    /// <summary>How long a connection to the control socket may take to say what it wants.</summary>
    public static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(1);

    // Far above what a request takes on a machine that has other things to do: a worker that is replaced without need costs
    // more than one that is late.
    static readonly TimeSpan FileLimit = TimeSpan.FromSeconds(1);
    static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(3);

    // Of workers, in a row, before there is a container.
    const int MostQuickEnds = 5;

    readonly Fd _command;
    readonly Fd _memoryFile;
    readonly Fd _control;
    readonly Fd _device;
    readonly Fd _log = Log;
    readonly Fd _alarm = TimerFd.Open();
    readonly Fd _children = Signals.Open([Signals.SIGCHLD]);
    readonly MonitorMemory _memory;
    readonly Watchdog _watchdog;
    readonly FuseMemory _fuse;
    readonly NotificationMemory _notifications;
    readonly List<Fd> _listeners = [];
    readonly List<WorkerProcess> _dying = [];
    Fd _executable;
    Fd? _init;
    Fd? _files;
    WorkerProcess? _worker;
    Backoff _backoff;
    // How many of its threads the worker has not told of yet.
    int _awaited;

    Holder(Fd command, Fd executable, List<Fd> started)
    {
        _command = command;
        _executable = executable;
        _memoryFile = started[0];
        _control = started[1];
        _device = started[2];
        _memory = MonitorMemory.Map(_memoryFile, MonitorLayout.Size);
        _watchdog = new Watchdog(_alarm, _memory.Shared);
        _fuse = new FuseMemory(_memory.Shared, MonitorLayout.Fuse, MonitorLayout.Contents);
        _notifications = new NotificationMemory(_memory.Shared, MonitorLayout.Notifications);
    }

    // Standard error, which the command has opened for it.
    static Fd Log { get; } = Fd.Borrow(2);

    /// <summary>The hidden command: its only argument is the number of the socket to the command that starts it.</summary>
    public static int Run(int socket)
    {
        ProcessName.Set("caisson-monitor");
        Fd command = new(socket);
        Fd executable = OpenAt2.Open("/proc/self/exe", OpenFlags.O_PATH);
        List<Fd> started = [];
        Span<byte> message = stackalloc byte[1];
        if (PacketSocket.Receive(command, message, started) != 1 || started.Count != 3)
        {
            return 1;
        }

        Holder holder = new(command, executable, started);
        holder.Introduce();
        holder.Serve();
        holder.EndWorker();
        return 0;
    }

    /// <summary>All that a next holder needs, in messages that fit.</summary>
    public static void SendAll(Fd connection, Fd memory, Fd control, Fd device, Fd init, Fd files, List<Fd> listeners)
    {
        PacketSocket.TrySend(connection, [(byte)MonitorMessage.HandOver], memory, control, device, init, files);
        foreach (Fd listener in listeners)
        {
            PacketSocket.TrySend(connection, [(byte)MonitorMessage.Listener], listener);
        }

        PacketSocket.TrySend(connection, [(byte)MonitorMessage.Done]);
    }

    void Introduce()
    {
        // Without us nobody replaces a worker; where this is not allowed we go on with what we have.
        OomScore.TryLower();
        _memory.HolderPid = Environment.ProcessId;
        _memory.HolderStart = ProcessStat.TryRead(Environment.ProcessId)?.StartTime ?? 0;
    }

    // Returns when the container has ended, or the command before there was one.
    void Serve()
    {
        bool command = true;
        while (command || _init is not null)
        {
            // Requests are the worker's; while there has been none, the first one calls for it.
            short requests = _worker is null && _backoff.QuickEnds == 0 ? Poll.POLLIN : (short)0;
            pollfd[] fds =
            [
                new() { fd = _init?.Number ?? -1, events = Poll.POLLIN },
                new() { fd = command ? _command.Number : -1, events = Poll.POLLIN },
                new() { fd = _control.Number, events = Poll.POLLIN },
                new() { fd = _children.Number, events = Poll.POLLIN },
                new() { fd = _alarm.Number, events = Poll.POLLIN },
                new() { fd = _worker?.Socket ?? -1, events = Poll.POLLIN },
                // An aborted connection is of no interest here, but poll(2) would tell of it all the time.
                new() { fd = requests == 0 ? -1 : _device.Number, events = requests },
                // With no events only the end of the last process under the filter wakes us.
                .. _listeners.Select(listener => new pollfd { fd = listener.Number, events = requests }),
            ];
            WorkerProcess? polled = _worker;
            bool timedOut = Poll.Wait(fds, _backoff.MillisecondsLeft) == 0;
            if (fds[0].revents != 0)
            {
                return;
            }

            if (fds[1].revents != 0)
            {
                command = Receive();
            }

            Look(fds, polled, timedOut);
            if (_init is null && _backoff.QuickEnds > MostQuickEnds)
            {
                // The command waits for it; without us it gets an error.
                return;
            }
        }
    }

    void Look(pollfd[] fds, WorkerProcess? polled, bool timedOut)
    {
        if (fds[2].revents != 0)
        {
            Answer();
        }

        if (fds[3].revents != 0)
        {
            Signals.Next(_children);
            ReplaceEnded();
        }

        if (fds[4].revents != 0
            && _watchdog.IsStuck(
                (Watchdog.Time(_fuse.BusySince), FileLimit),
                (Watchdog.Time(_notifications.BusySince), CallLimit),
                (_awaited <= 0 ? null : _worker?.StartedAt, StartLimit)))
        {
            MonitorLog.Write("the worker is stuck and is replaced");
            Abandon();
        }

        // One that was replaced just now has nothing to say.
        if ((fds[5].revents & Poll.POLLIN) != 0 && polled == _worker)
        {
            _awaited -= _worker?.Answer() == MonitorMessage.Ready ? 1 : 0;
        }

        if (timedOut && _worker is null)
        {
            StartWorker();
        }

        bool isCalledFor = fds[6].revents != 0;
        for (int i = fds.Length - 1; i >= 7; i--)
        {
            isCalledFor |= (fds[i].revents & Poll.POLLIN) != 0;
            if ((fds[i].revents & ~Poll.POLLIN) != 0)
            {
                RemoveListener(fds[i].fd);
            }
        }

        if (isCalledFor)
        {
            EnsureWorker();
        }
    }

    bool Receive()
    {
        Span<byte> message = stackalloc byte[1];
        List<Fd> received = [];
        if (PacketSocket.Receive(_command, message, received) != 1)
        {
            return false;
        }

        switch ((MonitorMessage)message[0])
        {
            case MonitorMessage.Commit:
                _init = received[0];
                _files = received[1];
                _worker?.Send(MonitorMessage.Commit, _init, _files);
                break;
            case MonitorMessage.Listener:
                AddListener(received[0]);
                break;
        }

        return true;
    }

    void Answer()
    {
        using Fd? connection = PacketSocket.TryAccept(_control);
        if (connection is null)
        {
            return;
        }

        PacketSocket.LimitWait(connection, RequestPatience);
        Span<byte> message = stackalloc byte[1];
        List<Fd> received = [];
        if (PacketSocket.Receive(connection, message, received) != 1)
        {
            return;
        }

        switch ((MonitorMessage)message[0])
        {
            case MonitorMessage.Listener when received.Count == 1:
                AddListener(received[0]);
                break;
            case MonitorMessage.Upgrade when received.Count == 1:
                _executable.Dispose();
                _executable = received[0];
                _backoff = default;
                _memory.QuickEnds = 0;
                _worker?.Kill();
                EnsureWorker();
                break;
            case MonitorMessage.Wake:
                EnsureWorker();
                break;
        }

        PacketSocket.TrySend(connection, [(byte)MonitorMessage.Done]);
    }

    void AddListener(Fd listener)
    {
        _listeners.Add(listener);
        _worker?.Send(MonitorMessage.Listener, listener);
    }

    void RemoveListener(int number)
    {
        int index = _listeners.FindIndex(listener => listener.Number == number);
        _listeners[index].Dispose();
        _listeners.RemoveAt(index);
    }

    // One that hangs in the kernel dies only once its successor has answered what it waits for: it is not waited for.
    void Abandon()
    {
        if (_worker is null)
        {
            return;
        }

        _worker.Kill();
        _dying.Add(_worker);
        _worker = null;
        _memory.Restarts++;
        StartWorker();
    }

    // Not where one has just failed: its successor's time comes.
    void EnsureWorker()
    {
        if (_worker is null && _backoff.MillisecondsLeft <= 0)
        {
            StartWorker();
        }
    }

    void StartWorker()
    {
        _backoff = _backoff with { Until = 0 };
        _watchdog.Reset();
        _notifications.BusySince = 0;
        _worker = WorkerProcess.Start(_executable, _log);
        InstructWorker();
    }

    void InstructWorker()
    {
        // Files, and calls where there is a container.
        _awaited = _init is null ? 1 : 2;
        _watchdog.Begin();
        _memory.WorkerStart = _worker!.StartTime;
        _memory.WorkerPid = _worker.Pid;
        _worker.Send(MonitorMessage.Start, _memoryFile, _control, _device, _alarm);
        _listeners.ForEach(listener => _worker.Send(MonitorMessage.Listener, listener));
        if (_init is not null)
        {
            _worker.Send(MonitorMessage.Commit, _init, _files!);
        }
    }

    void ReplaceEnded()
    {
        _dying.RemoveAll(former => former.TryReap(out _));
        // A worker that somebody stopped (SIGSTOP) serves as little as one that is gone.
        if (_worker?.TryReap(out int code) != true)
        {
            return;
        }

        _memory.WorkerPid = 0;
        _memory.LastExit = code;
        _memory.Restarts++;
        _backoff = _backoff.After(_worker.Age);
        _memory.QuickEnds = _backoff.QuickEnds;
        MonitorLog.Write($"the worker ended with {code}, {_backoff.QuickEnds} in a row soon after their start");
        _worker.Dispose();
        _worker = null;
        if (_backoff.MillisecondsLeft <= 0)
        {
            StartWorker();
        }
    }

    // The container is gone, so nobody needs the files any more; but a thread of the worker may wait for one (the runtime
    // resolves paths, too, at the place where that thread stands), and while it waits it cannot be killed.
    void EndWorker()
    {
        if (_files is not null)
        {
            Namespace.Unshare(NamespaceKind.CLONE_FS);
            FuseMount.Abort(_files);
        }

        _worker?.Kill();
        _worker?.Wait();
    }
}
