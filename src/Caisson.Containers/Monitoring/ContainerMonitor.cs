using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;

namespace Caisson.Containers.Monitoring;

/// <summary>
/// A monitor as the command that creates the container starts it: before there is a container, so that its start-up costs no
/// time of its own. Until <see cref="Commit"/> it ends with the command, whatever ends that.
/// </summary>
public sealed class ContainerMonitor : IDisposable
{
    public const string ControlSocket = "monitor";

    public const string LogFile = "monitor.log";

    static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    readonly Fd _socket;
    readonly Fd _process;
    readonly int _pid;

    ContainerMonitor(Fd socket, int pid, Fd process)
    {
        _socket = socket;
        _pid = pid;
        _process = process;
    }

    /// <summary>Of the emulated files.</summary>
    public static MountAttributes FileAttributes =>
        MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV | MountAttributes.MOUNT_ATTR_NOEXEC;

    /// <summary>
    /// Starts the holder, which then waits for what it is to hold: its start-up takes as long as half a container's, and so
    /// costs no time of its own.
    /// </summary>
    public static ContainerMonitor Spawn(Fd stateDirectory)
    {
        const OpenFlags append = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_NOFOLLOW;
        using Fd log = OpenAt2.Open(stateDirectory, LogFile, append, ResolveFlags.None, 0x180 /* 0600 */);
        using Fd executable = OpenAt2.Open("/proc/self/exe", OpenFlags.O_PATH);
        SocketPair pair = SocketPair.Create();
        int pid = MonitorProcess.Start(executable, "monitor", pair.Childs, log, out Fd process);
        pair.Childs.Dispose();
        return new ContainerMonitor(pair.Ours, pid, process);
    }

    /// <summary>Tells it what to hold, be it new or what an earlier monitor of the container left.</summary>
    public void Begin(Fd memory, Fd control, Fd device) => Send(MonitorMessage.Start, memory, control, device);

    /// <summary>The container is there: from now on the monitor ends with its first process and not with us.</summary>
    /// <param name="init">pidfd of the first process.</param>
    /// <param name="files">The mount namespace whose root holds the emulated files.</param>
    /// <param name="listeners">Of seccomp; none where another runtime outside listens already.</param>
    public void Commit(Fd init, Fd files, IReadOnlyList<Fd> listeners)
    {
        foreach (Fd listener in listeners)
        {
            Send(MonitorMessage.Listener, listener);
        }

        Send(MonitorMessage.Commit, init, files);
    }

    /// <summary>Ends it, for a container that is not to be.</summary>
    public void End()
    {
        _socket.Dispose();
        if (!PidFd.WaitForExit(_process, (int)EndPatience.TotalMilliseconds))
        {
            PidFd.TrySignal(_process, Signals.SIGKILL);
        }

        ChildExit.Wait(_pid);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _process.Dispose();
    }

    void Send(MonitorMessage message, params ReadOnlySpan<Fd> descriptors)
    {
        Errno errno = PacketSocket.TrySend(_socket, [(byte)message], descriptors);
        if (errno != Errno.None)
        {
            throw new ContainerException($"the monitor has ended, {LogFile} of the container's state may say why", new KernelErrnoException(errno));
        }
    }
}
