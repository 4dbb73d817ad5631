using Caisson.Containers.Cgroups;
using Caisson.Containers.Checkpoint;
using Caisson.Containers.Hooks;
using Caisson.Containers.Init;
using Caisson.Containers.Namespaces;
using Caisson.Containers.Options;
using Caisson.Containers.Processes;
using Caisson.Containers.Rootfs;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class ContainerCreation
{
    const string RestoredRootName = "criu-root";

    /// <summary>
    /// Creates a plain container out of an image of its processes. State, cgroup, ids and mount points are made as for a new one;
    /// its namespaces, mounts and processes CRIU makes, as our children.
    /// </summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="checkpoint">Of the image.</param>
    /// <param name="given">The bundle's spec, valid: the one that the container was created by.</param>
    /// <param name="specBytes">As it stood in config.json.</param>
    public CreatedContainer Restore(CreateRequest request, CheckpointRequest checkpoint, Spec given, byte[] specBytes)
    {
        CriuProcess.RequireProgram();
        IReadOnlyList<(string Name, int Number)> pipes = ImageDirectory.ReadPipes(checkpoint.ImagePath);
        using Rollback rollback = new();
        using EngineRootfs rootfs = EngineRootfs.Open(Path.Combine(request.Bundle, given.Root?.Path ?? "rootfs"));
        using Fd directory = store.Create(request.Id);
        rollback.Add("remove the state", () => store.Remove(request.Id));
        FileText.Replace(directory, ContainerStore.SpecFile, specBytes);
        using JoinedNamespaces joined = JoinedNamespaces.Open(given, request.Isolation);
        CreatePlan plan = Plan(request, given, new ContainerOptions(), rootfs, joined, range: null);
        CgroupPath cgroupPath = CgroupPath.Resolve(
            CgroupLayout.Detect(), plan.Spec.Linux?.CgroupsPath, request.Id.Value, request.SystemdCgroup);
        ContainerState state = DescribeState(request, plan, rootfs, null, cgroupPath);
        // Before anything outside the state directory is made, so that `delete --force` finds it all.
        ContainerStore.Write(directory, state);
        using Cgroup cgroup = CreateCgroup(cgroupPath, plan, request);
        rollback.Add("remove the cgroup", () => cgroup.Destroy(EndDeadline));
        if (!plan.Process.Terminal)
        {
            StandardStreams.GiveTo(plan.Ids.HostUid(plan.Process.User?.Uid ?? 0));
        }

        Directories.TryMake(directory, RestoredRootName, 0x1ED /* 0755 */);
        string root = Path.Combine(store.DirectoryOf(request.Id), RestoredRootName);
        List<Fd> namespaces = OpenExternal(plan.Namespaces);
        using RestorePlace place = MakePlace(checkpoint, plan, root, namespaces, cgroup);
        cgroup.EndPlaceholder();
        ProtoWriter options = CriuOptions.Common(checkpoint, place.Images.Number, place.Work?.Number, CriuOptions.RestoreLog, plan.Spec.Annotations);
        CriuOptions.AddRestore(options, checkpoint, root);
        AddStreams(options, pipes);
        AddNamespaces(options, plan.Namespaces);
        AddMounts(options, plan, CgroupHierarchies.Of(cgroupPath, cgroup));
        AddCgroups(options, place.Criu.Pid);

        Fd? master = null;
        rollback.Add("end what was restored", () => EndAll(cgroup.State));
        CriuAnswer answer = place.Criu.Ask(CriuOptions.Request(CriuTask.Restore, options), (notice, descriptors) =>
        {
            switch (notice.Step)
            {
                case "setup-namespaces":
                    if (plan.Namespaces.IsNew(NamespaceKind.CLONE_NEWNET))
                    {
                        BringLoopbackUp(notice.Pid);
                    }

                    OciState told = StateView.For(state with { Pid = notice.Pid }, ContainerStatus.Creating);
                    HookRunner.Run(plan.Spec.Hooks?.Prestart, "prestart", told);
                    HookRunner.Run(plan.Spec.Hooks?.CreateRuntime, "createRuntime", told);
                    break;
                case "orphan-pts-master" when descriptors is [{ } sent, ..]:
                    master = Fd.Duplicate(sent.Number);
                    break;
                case "post-restore":
                    // Before its processes go on.
                    state = Restored(state, notice.Pid, cgroup);
                    ContainerStore.Write(directory, state);
                    break;
            }
        });
        if (!answer.Success)
        {
            throw CriuFailure.Of(answer, checkpoint.LogPath, CriuOptions.RestoreLog);
        }

        // Gone from the container's cgroup by then.
        place.Dispose();
        Directories.TryRemove(directory, RestoredRootName);
        return Announce(request, rollback, state, master);
    }

    static CreatedContainer Announce(CreateRequest request, Rollback rollback, ContainerState state, Fd? master)
    {
        // A child of ours that is not waited for keeps its pid, so this cannot open another process.
        Errno errno = PidFd.TryOpen(state.Pid, out Fd? process);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "pidfd_open", state.Pid.ToString());
        }

        if (request.ConsoleSocket is { } console && master is not null)
        {
            DescriptorSocket.SendTerminal(console, master);
            master.Dispose();
            master = null;
        }

        PidFile.Write(request.PidFile, state.Pid);
        rollback.Commit();
        return new CreatedContainer(state.Pid, process!, master);
    }

    static RestorePlace MakePlace(CheckpointRequest checkpoint, CreatePlan plan, string root, List<Fd> namespaces, Cgroup cgroup)
    {
        using Fd nothing = OpenAt2.Open("/dev/null", OpenFlags.O_RDWR);
        int[] streams = plan.Process.Terminal ? [nothing.Number, nothing.Number, nothing.Number] : [0, 1, 2];
        try
        {
            return RestorePlace.Make(checkpoint, plan.Mounts, plan.Ids, root, streams, namespaces, cgroup);
        }
        finally
        {
            namespaces.ForEach(static one => one.Dispose());
        }
    }

    static List<Fd> OpenExternal(NamespacePlan namespaces) =>
    [
        .. namespaces.Joined.Where(one => ExternalNamespaces.NameOf(one.Kind) is not null)
            .Select(one => OpenAt2.Open(one.Path, OpenFlags.O_RDONLY)),
    ];

    // Those that the image lacks as descriptors, in the order of OpenExternal; the others by path.
    static void AddNamespaces(ProtoWriter options, NamespacePlan namespaces)
    {
        int next = CriuProcess.FirstInherited;
        foreach ((NamespaceKind kind, string path) in namespaces.Joined)
        {
            if (kind == NamespaceKind.CLONE_NEWCGROUP)
            {
                throw new UserError("/linux/namespaces: CRIU cannot restore into a cgroup namespace given by path", "leave its path out");
            }

            if (ExternalNamespaces.NameOf(kind) is { } name)
            {
                CriuOptions.AddInherited(options, name, next++);
            }
            else
            {
                CriuOptions.AddNamespace(options, NamespacePlan.ProcNameOf(kind), path);
            }
        }
    }

    // The pipes that the image's first process had from outside become ours.
    static void AddStreams(ProtoWriter options, IReadOnlyList<(string Name, int Number)> pipes)
    {
        foreach ((string name, int number) in pipes)
        {
            CriuOptions.AddInherited(options, name, number);
        }
    }

    static void AddMounts(ProtoWriter options, CreatePlan plan, IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        foreach ((string name, string source) in ExternalMounts.Of(plan.Mounts, hierarchies, plan.Namespaces.Has(NamespaceKind.CLONE_NEWCGROUP)))
        {
            CriuOptions.AddMount(options, name, source);
        }

        CriuOptions.AddMount(options, ExternalMounts.Mask.Name, ExternalMounts.Mask.Source);
    }

    // CRIU is in the container's; what an image has of the old ones is restored there.
    static void AddCgroups(ProtoWriter options, int pid)
    {
        foreach (string line in FileText.Read($"/proc/{pid}/cgroup").Split('\n'))
        {
            // hierarchy-id:controllers:path; a path may contain colons.
            string[] fields = line.Split(':', 3);
            foreach (string controller in fields.Length == 3 ? fields[1].Split(',') : [])
            {
                CriuOptions.AddCgroup(options, controller, fields[2]);
            }
        }
    }

    // CRIU makes an empty network namespace, for hooks to fill; connections within the container are restored after this.
    static void BringLoopbackUp(int pid)
    {
        using Fd network = Namespace.Open(pid, "net");
        InitProgram program = new();
        program.Add("join the network namespace", "setns", SyscallNumbers.setns, network.Number, (nint)(uint)NamespaceKind.CLONE_NEWNET);
        InitPlanner.PlanLoopback(program);
        VisitingChild.Run(program, NamespaceKind.None, static (_, _, _) => true);
    }

    static void EndAll(CgroupState state)
    {
        using Cgroup cgroup = Cgroup.Open(state);
        cgroup.Kill(EndDeadline);
    }

    static ContainerState Restored(ContainerState state, int pid, Cgroup cgroup)
    {
        // CRIU makes a time namespace for the clocks that an image has.
        bool hasTime = Stat.TryOf(Fd.CurrentDirectory, "/proc/self/ns/time", out statx own) == Errno.None
            && Stat.TryOf(Fd.CurrentDirectory, $"/proc/{pid}/ns/time", out statx its) == Errno.None
            && !own.IsSameInode(its);
        return state with
        {
            Pid = pid,
            StartTime = ProcessStat.TryRead(pid)?.StartTime ?? 0,
            Cgroup = cgroup.State,
            Namespaces = hasTime ? state.Namespaces | NamespaceKind.CLONE_NEWTIME : state.Namespaces,
        };
    }
}
