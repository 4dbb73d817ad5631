using Caisson.Containers.Levels;
using Caisson.Containers.Monitoring;
using Caisson.Containers.Options;
using Caisson.Containers.Rootfs;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Sockets;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class ContainerCreation
{
    const string FuseDevice = "/dev/fuse";

    // Null for a container that has no view of its own. First of all, so that its start-up overlaps all that is made meanwhile.
    ContainerMonitor? SpawnMonitor(CreateRequest request, Spec spec, ContainerOptions options, Fd directory)
    {
        // One around us serves all that is mounted in here, too, and the kernel lets no process have two listeners (EBUSY).
        if (view is null || request.Isolation != Isolation.System || !options.HasView || Pod.IsSandbox(spec) || OuterView.IsThere())
        {
            return null;
        }

        Errno errno = OpenAt2.TryOpen(Fd.CurrentDirectory, FuseDevice, OpenFlags.O_RDWR, ResolveFlags.None, 0, out Fd? device);
        device?.Dispose();
        if (errno == Errno.None)
        {
            return ContainerMonitor.Spawn(directory);
        }

        string remedy = errno == Errno.ENOENT ? "modprobe fuse" : $"chmod 666 {FuseDevice}";
        warn($"open '{FuseDevice}': {errno.Describe()} ({remedy}): /proc and /sys show the host's values, proceeding anyway");
        return null;
    }

    ViewPerformer BeginMonitor(ContainerMonitor monitor, CreatePlan plan, ContainerState state, Fd directory)
    {
        static bool isEmulated(string path) =>
            path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith("/sys/", StringComparison.Ordinal);
        ViewDescription description = new()
        {
            Id = state.Id,
            RootUid = plan.Ids.RootUid,
            RootGid = plan.Ids.RootGid,
            StartedAt = StartedAt(plan.Spec.Linux?.TimeOffsets),
            Cgroups = state.Cgroup!.Paths,
            MaskedPaths = [.. plan.Mounts.MaskedPaths.Where(isEmulated)],
            ReadOnlyPaths = [.. plan.Mounts.ReadOnlyPaths.Where(isEmulated)],
        };
        using Fd memory = MonitorMemory.Create(directory, view!.MemorySize, description);
        using Fd control = UnixSocket.ListenForPackets(directory, ContainerMonitor.ControlSocket);
        FuseMount files = FuseMount.Create(ContainerMonitor.FileAttributes);
        ViewPerformer performer = new(files, view.Introduce(memory, files));
        monitor.Begin(memory, control, files.Device);
        // The monitor's alone: when that ends, whoever waits for a file is told.
        files.Device.Dispose();
        return performer;
    }

    // As its own clock has it, which a spec may set.
    static long StartedAt(IReadOnlyDictionary<string, TimeOffset>? offsets) =>
        offsets?.GetValueOrDefault("boottime") is { } offset ? -((offset.Secs * 1_000_000_000) + offset.Nanosecs) : 0;

    // Once the process has loaded its filter and waits to be started.
    static void CommitMonitor(ContainerMonitor monitor, InitProcess init, Fd files)
    {
        using Fd? listener = init.TakeListener();
        monitor.Commit(init.Process, files, listener is null ? [] : [listener]);
    }
}
