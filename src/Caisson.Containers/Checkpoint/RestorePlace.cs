using Caisson.Containers.Cgroups;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Checkpoint;

/// <summary>
/// A CRIU in a mount namespace that it alone is in: what is mounted for it nobody else sees, and it goes with it. The directories
/// that it works in are opened there, too, else it could mount nothing in them.
/// </summary>
sealed class RestorePlace : IDisposable
{
    RestorePlace(CriuProcess criu, Fd images, Fd? work) => (Criu, Images, Work) = (criu, images, work);

    public CriuProcess Criu { get; }

    public Fd Images { get; }

    public Fd? Work { get; }

    /// <param name="request">What was asked for.</param>
    /// <param name="plan">The container's tree.</param>
    /// <param name="ids">Its ids.</param>
    /// <param name="root">An empty directory, for the root file system.</param>
    /// <param name="streams">CRIU's descriptors 0 to 2.</param>
    /// <param name="namespaces">Those that follow.</param>
    /// <param name="cgroup">The container's.</param>
    public static RestorePlace Make(
        CheckpointRequest request, MountPlan plan, IdMaps ids, string root, ReadOnlySpan<int> streams, IReadOnlyList<Fd> namespaces, Cgroup cgroup)
    {
        // The command itself is back on the host before CRIU begins: hooks run there.
        using HostView host = new();
        try
        {
            HostView.Leave().Dispose();
            using (Fd rootfs = OpenAt2.Open(plan.Rootfs, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY))
            {
                RestoredRoot.Mount(plan, rootfs, root, ids);
            }

            Fd images = ImageDirectory.Open(request.ImagePath);
            Fd? work = request.WorkPath is { } path ? ImageDirectory.Make(path) : null;
            return new RestorePlace(CriuProcess.Start(streams, namespaces, cgroup), images, work);
        }
        finally
        {
            host.Return();
        }
    }

    public void Dispose()
    {
        Criu.Dispose();
        Images.Dispose();
        Work?.Dispose();
    }
}
