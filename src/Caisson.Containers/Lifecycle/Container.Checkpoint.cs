using Caisson.Containers.Cgroups;
using Caisson.Containers.Checkpoint;
using Caisson.Containers.Namespaces;
using Caisson.Containers.Rootfs;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class Container
{
    /// <summary>
    /// Writes an image of the container's processes with CRIU. Unless they are to go on, they have ended when this returns.
    /// </summary>
    public void Checkpoint(CheckpointRequest request, Action<string> warn)
    {
        RequireCheckpointable();
        if (State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWUSER))
        {
            warn("CRIU may not be able to restore a container with a user namespace, proceeding anyway");
        }

        CriuProcess.RequireProgram();
        using Fd images = ImageDirectory.Make(request.ImagePath);
        using Fd? work = request.WorkPath is { } path ? ImageDirectory.Make(path) : null;
        Spec spec = ReadSpec();
        ProtoWriter options = CriuOptions.Common(request, images.Number, work?.Number, CriuOptions.DumpLog, State.Annotations);
        CriuOptions.AddDump(options, request, State.Pid, State.Rootfs, _cgroup?.FreezerPath);
        AddExternalNamespaces(options, NamespacePlan.Plan(spec));
        if (!request.PreDump)
        {
            AddExternalMounts(options, spec);
            FileText.Replace(images, ImageDirectory.Descriptors, ImageDirectory.Write(State.Descriptors));
        }

        using Fd nothing = OpenAt2.Open("/dev/null", OpenFlags.O_RDWR);
        using CriuProcess criu = CriuProcess.Start([nothing.Number, nothing.Number, nothing.Number], [], cgroup: null);
        RequireFeatures(request, criu);
        CriuTask task = request.PreDump ? CriuTask.PreDump : CriuTask.Dump;
        CriuAnswer answer = criu.Ask(CriuOptions.Request(task, options), (notice, _) =>
        {
            if (notice.Step == "status-ready")
            {
                TellStatus(request.StatusFd, warn);
            }
        });
        if (!answer.Success)
        {
            throw CriuFailure.Of(answer, request.LogPath, CriuOptions.DumpLog);
        }
    }

    void RequireCheckpointable()
    {
        if (State.Isolation == Isolation.System)
        {
            throw new UserError(
                $"container \"{Id.Value}\" is a system container, and CRIU cannot dump one: it knows neither its emulated files (FUSE) nor its ID-mapped mounts",
                "create containers that are to be checkpointed with --isolation=plain");
        }

        ContainerStatus status = Status;
        if (status is ContainerStatus.Created or ContainerStatus.Stopped)
        {
            throw new UserError($"Container cannot be checkpointed in {StateView.Word(status)} state", $"caisson start {Id.Value} first");
        }
    }

    static void RequireFeatures(CheckpointRequest request, CriuProcess criu)
    {
        if (!request.PreDump && !request.LazyPages)
        {
            return;
        }

        CriuAnswer features = criu.Ask(CriuTask.FeatureCheck);
        if (request.PreDump && !features.HasMemoryTracking)
        {
            throw new UserError(
                "criu is missing features: MemTrack: --pre-dump needs to know which memory is written to (CONFIG_MEM_SOFT_DIRTY)",
                "checkpoint without --pre-dump, or use a kernel that has it");
        }

        if (request.LazyPages && !features.HasLazyPages)
        {
            throw new UserError(
                "criu is missing features: LazyPages: --lazy-pages needs the kernel's userfaultfd with its events (CONFIG_USERFAULTFD)",
                "checkpoint without --lazy-pages, or use a kernel that has it");
        }
    }

    static void AddExternalNamespaces(ProtoWriter options, NamespacePlan namespaces)
    {
        foreach ((NamespaceKind kind, string path) in namespaces.Joined)
        {
            if (ExternalNamespaces.NameOf(kind) is { } name)
            {
                using Fd opened = OpenAt2.Open(path, OpenFlags.O_RDONLY);
                CriuOptions.AddExternal(options, $"{NamespacePlan.ProcNameOf(kind)}[{Stat.Of(opened).stx_ino}]:{name}");
            }
        }
    }

    void AddExternalMounts(ProtoWriter options, Spec spec)
    {
        using ContainerRoot root = ContainerRoot.Open(State.Pid, _process!);
        MountPlan plan = MountPlanner.Plan(
            spec, new MountContext(State.Bundle, State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWUSER), MapIds: false, Pristine: false));
        if (plan.Mounts.FirstOrDefault(step => step.MapIds) is { } mapped)
        {
            throw new UserError(
                $"mount {mapped.Destination}: its ids are mapped, and CRIU would restore it without that", "mount it without uidMappings, gidMappings and idmap");
        }

        IReadOnlyList<CgroupHierarchy> hierarchies = _cgroup is null
            ? [] : CgroupHierarchies.Of(new CgroupPath(CgroupLayout.Detect(), State.Cgroup!.Paths), _cgroup);
        foreach ((string name, string source) in ExternalMounts.Of(plan, hierarchies, State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWCGROUP)))
        {
            CriuOptions.AddMount(options, ExternalMounts.FindPlace(root.Path, name, source), name);
        }

        foreach (string place in ExternalMounts.Masks(root.Path, plan))
        {
            CriuOptions.AddMount(options, place, ExternalMounts.Mask.Name);
        }
    }

    // One zero byte, as criu(8) has it; whoever waits for the end of the file has it, too.
    static void TellStatus(int number, Action<string> warn)
    {
        if (number < 0)
        {
            return;
        }

        using Fd status = new(number);
        Errno errno = FileText.WriteAll(status, [0]);
        if (errno != Errno.None)
        {
            warn($"--status-fd {number}: {errno.Describe()}, ignoring");
        }
    }
}
