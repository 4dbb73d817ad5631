using Caisson.Containers.Monitoring;
using Caisson.Emulation;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Syscalls;
using Caisson.Fuse;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;

namespace Caisson.Cli.Monitor;

/// <summary>
/// Serves one container: a thread for FUSE, one for seccomp notifications, and the main one for the holder's messages. It may be
/// killed at any instruction; whatever a successor needs lies in the monitor's memory. Without a holder it goes on serving, and
/// takes the holder's place at the control socket.
/// </summary>
sealed class Worker
{
    const int StackSize = 256 * 1024;

    readonly Fd _holder;
    readonly Fd _memoryFile;
    readonly Fd _control;
    readonly Fd _device;
    readonly MonitorMemory _memory;
    readonly Watchdog _watchdog;
    readonly ViewDescription _description;
    readonly EmulatedTree _tree;
    readonly List<Fd> _listeners = [];
    Fd? _init;
    Fd? _files;
    NotificationLoop? _notifications;

    Worker(Fd holder, List<Fd> started)
    {
        _holder = holder;
        _memoryFile = started[0];
        _control = started[1];
        _device = started[2];
        _memory = MonitorMemory.Map(_memoryFile, MonitorLayout.Size);
        _watchdog = new Watchdog(started[3], _memory.Shared);
        _description = _memory.Description;
        ContainerView view = new()
        {
            Id = _description.Id,
            RootUid = _description.RootUid,
            RootGid = _description.RootGid,
            StartedAt = _description.StartedAt,
            Cgroups = _description.Cgroups,
        };
        _tree = new EmulatedTree(view, new ValueStore(_memory.Shared, MonitorLayout.Values), MonitorLog.Write);
    }

    /// <summary>The hidden command: its only argument is the number of the socket to the holder.</summary>
    public static int Run(int socket)
    {
        ProcessName.Set("caisson-worker");
        Fd holder = new(socket);
        List<Fd> started = [];
        Span<byte> message = stackalloc byte[1];
        if (PacketSocket.Receive(holder, message, started) != 1 || started.Count != 4)
        {
            return 1;
        }

        Worker worker = new(holder, started);
        StartThread("fuse", worker.ServeFiles);
        worker.TellReady();
        worker.ServeHolder();
        return 0;
    }

    void ServeFiles()
    {
        FuseMemory memory = new(_memory.Shared, MonitorLayout.Fuse, MonitorLayout.Contents);
        FuseServer server = new(_device, memory, [.. _tree.Files, Decoration.Null], _description.RootUid, _description.RootGid, MonitorLog.Write) { BeforeRequest = _watchdog.Begin };
        server.Serve();
        // The connection was aborted: nobody can be served any more, by no worker.
        MonitorLog.Write("the FUSE connection has ended");
    }

    // Until the container ends. The end of the holder does not end us.
    void ServeHolder()
    {
        bool guarded = true;
        while (true)
        {
            Span<pollfd> fds =
            [
                new() { fd = guarded ? _holder.Number : _control.Number, events = Poll.POLLIN },
                new() { fd = _init?.Number ?? -1, events = Poll.POLLIN },
            ];
            Poll.Wait(fds, -1);
            if (fds[1].revents != 0)
            {
                return;
            }

            if (guarded)
            {
                guarded = Receive();
                if (!guarded && _init is null)
                {
                    return;
                }
            }
            else if (!Answer())
            {
                return;
            }
        }
    }

    bool Receive()
    {
        Span<byte> message = stackalloc byte[1];
        List<Fd> received = [];
        if (PacketSocket.Receive(_holder, message, received) != 1)
        {
            return false;
        }

        switch ((MonitorMessage)message[0])
        {
            case MonitorMessage.Commit:
                _init = received[0];
                _files = received[1];
                StartNotifications();
                break;
            case MonitorMessage.Listener:
                AddListener(received[0]);
                break;
        }

        return true;
    }

    void StartNotifications()
    {
        PathMasks masks = new(_description.MaskedPaths, _description.ReadOnlyPaths);
        Fd processes = OpenAt2.Open("/proc", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        NotificationMemory memory = new(_memory.Shared, MonitorLayout.Notifications);
        CallHandlers handlers = new(
            memory,
            _files!,
            [.. _tree.Files.Select(file => file.Name)],
            masks,
            _tree.FactsFor,
            // Where there is no way back to ours, the container's serves as well: only a place to be is needed.
            Namespace.CanReturn(NamespaceKind.CLONE_NEWNET, "net") ? Namespace.OpenOwn("net") : Fd.Duplicate(_init!.Number),
            (pid, mounts, options, attributes) => ProcRequest.Ask(_holder, pid, mounts, options, attributes));
        _notifications = new NotificationLoop(memory, handlers, processes, _watchdog.Begin, TellReady, MonitorLog.Write);
        _listeners.ForEach(_notifications.Add);
        StartThread("seccomp", _notifications.Run);
    }

    void AddListener(Fd listener)
    {
        _listeners.Add(listener);
        _notifications?.Add(listener);
    }

    // One request on the control socket, in the holder's place; false once everything is handed over.
    bool Answer()
    {
        using Fd? connection = PacketSocket.TryAccept(_control);
        if (connection is null)
        {
            return true;
        }

        PacketSocket.LimitWait(connection, Holder.RequestPatience);
        Span<byte> message = stackalloc byte[1];
        List<Fd> received = [];
        if (PacketSocket.Receive(connection, message, received) != 1)
        {
            return true;
        }

        switch ((MonitorMessage)message[0])
        {
            case MonitorMessage.Listener when received.Count == 1:
                AddListener(received[0]);
                break;
            case MonitorMessage.HandOver:
                Holder.SendAll(connection, _memoryFile, _control, _device, _init!, _files!, _notifications!.CopyListeners());
                return false;
        }

        PacketSocket.TrySend(connection, [(byte)MonitorMessage.Done]);
        return true;
    }

    // To a holder that is gone it tells nothing.
    void TellReady() => _ = PacketSocket.TrySend(_holder, [(byte)MonitorMessage.Ready]);

    static void StartThread(string name, Action run)
    {
        Thread thread = new(() => run(), StackSize) { Name = name, IsBackground = true };
        thread.Start();
    }
}
