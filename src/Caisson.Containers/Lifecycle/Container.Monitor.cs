using Caisson.Containers.Monitoring;
using Caisson.Containers.Rootfs;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Sockets;

namespace Caisson.Containers.Lifecycle;

public sealed partial class Container
{
    /// <summary>Null where it has no view of its own.</summary>
    public MonitorStatus? ReadMonitor() => MonitorStatus.TryRead(_directory);

    /// <summary>As <see cref="ReadMonitor"/>, with a worker: one that nobody needed until now is started.</summary>
    public MonitorStatus? ReadWholeMonitor()
    {
        MonitorStatus? status = ReadMonitor();
        if (status is not { HolderPid: > 0, WorkerPid: 0 } || Status == ContainerStatus.Stopped)
        {
            return status;
        }

        RequestOfMonitor(MonitorMessage.Wake);
        return ReadMonitor();
    }

    public void RequireRunning()
    {
        if (Status == ContainerStatus.Stopped)
        {
            throw new UserError($"container \"{Id.Value}\" does not run", $"caisson start {Id.Value}");
        }
    }

    public void RequestOfMonitor(MonitorMessage request, params ReadOnlySpan<Fd> descriptors)
    {
        using MonitorControl? control = MonitorControl.TryConnect(_directory);
        if (control?.TryRequest(request, descriptors) != true)
        {
            throw new ContainerException($"the monitor of container \"{Id.Value}\" does not answer");
        }
    }

    /// <summary>
    /// A new holder. From a worker that lives on alone it takes everything over. Where both are gone, so is the FUSE connection,
    /// and the files are mounted anew in the first process's mount namespace; seccomp listeners cannot be had again, so
    /// processes that run already are refused new mounts (ENOSYS) until they are started anew.
    /// </summary>
    public void RestoreMonitor(ViewSetup setup)
    {
        List<Fd> received = [];
        using (MonitorControl? control = MonitorControl.TryConnect(_directory))
        {
            if (control?.TryRequest(MonitorMessage.HandOver, [], received) == true && received.Count >= 5)
            {
                TakeOver(received);
                return;
            }
        }

        Rebuild(setup);
    }

    void TakeOver(List<Fd> received)
    {
        using ContainerMonitor monitor = ContainerMonitor.Spawn(_directory);
        monitor.Begin(received[0], received[1], received[2]);
        monitor.Commit(_process!, received[4], received[5..]);
        received.ForEach(fd => fd.Dispose());
    }

    void Rebuild(ViewSetup setup)
    {
        using Fd memory = MonitorMemory.Reopen(_directory);
        FuseMount files = FuseMount.Create(ContainerMonitor.FileAttributes);
        using ViewPerformer emulated = new(files, setup.Introduce(memory, files));
        Directories.TryUnlink(_directory, ContainerMonitor.ControlSocket);
        using Fd control = UnixSocket.ListenForPackets(_directory, ContainerMonitor.ControlSocket);
        using ContainerMonitor monitor = ContainerMonitor.Spawn(_directory);
        monitor.Begin(memory, control, files.Device);
        using Fd self = OpenAt2.Open("/proc/thread-self", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        using HostView host = new();
        using Fd place = HostView.Leave();
        try
        {
            emulated.TakeCopies();
            Namespace.Join(_process!, NamespaceKind.CLONE_NEWNS, "the container's mount namespace");
            emulated.Replace(_process!, MonitorMemory.TryOpen(_directory)?.Description.MaskedPaths ?? [], self);
        }
        finally
        {
            host.Return();
        }

        monitor.Commit(_process!, place, []);
    }
}
