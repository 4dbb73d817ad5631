using Caisson.Containers.Options;
using Caisson.Containers.Rootfs;
using Caisson.Containers.State;
using Caisson.Containers.Storage;
using Caisson.Kernel;

namespace Caisson.Containers.Lifecycle;

public sealed partial class ContainerCreation
{
    // After the storage has come, which counts, too; before anything is written to the root file system: an overlay renames from its
    // work directory to its upper one, which the kernel refuses between projects, and so do all who have these layers mounted.
    ContainerState LimitDisk(ContainerState state, MountPlan mounts, EngineRootfs rootfs, ContainerOptions options, Fd directory, Rollback rollback)
    {
        string? layer = rootfs.Layers is { } layers ? layers.Upper : mounts.Rootfs;
        if (layer is null || state.Isolation != Isolation.System)
        {
            return state;
        }

        IEnumerable<string> storage = state.Storage.Select(entry => entry.Directory);
        if (options.DiskSize is null && options.DiskInodes is null)
        {
            DiskBudget.Extend(layer, storage, warn);
            return state;
        }

        string[] work = rootfs.Layers is { Work: { } given, Upper: { } upper } ? [given, OverlayMount.MakeWork(upper)] : [];
        DiskBudget budget = DiskBudget.Plan(options, state.Id, [layer, .. work, .. storage]);
        state = state with { DiskBudget = budget };
        ContainerStore.Write(directory, state);
        rollback.Add("lift the limits of the disk", budget.Lift);
        budget.Apply(options);
        return state;
    }
}
