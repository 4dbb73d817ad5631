using Caisson.Containers.Cgroups;
using Caisson.Containers.Hooks;
using Caisson.Containers.Ids;
using Caisson.Containers.Monitoring;
using Caisson.Containers.Networks;
using Caisson.Containers.Options;
using Caisson.Containers.Processes;
using Caisson.Containers.Rootfs;
using Caisson.Containers.Seccomp;
using Caisson.Containers.State;
using Caisson.Containers.Storage;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Files;
using Caisson.Kernel.Memory;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Seccomp;
using Caisson.Kernel.Sockets;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// Creates one container, up to the point where its process waits to be started. Read <see cref="Create"/> from top to bottom:
/// it is the life of the command. All of it runs on the main thread, whose namespaces change on the way.
/// </summary>
public sealed partial class ContainerCreation(ContainerStore store, Places places, ViewSetup? view, Action<string> warn)
{
    static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(10);

    // The machine's clock since boot, in seconds.
    readonly long _bootTime = Clock.BootTime / 1_000_000_000;

    /// <param name="request">What was asked for.</param>
    /// <param name="given">The bundle's spec, valid.</param>
    /// <param name="specBytes">As it stood in config.json: kept for exec.</param>
    public CreatedContainer Create(CreateRequest request, Spec given, byte[] specBytes)
    {
        if (request.Isolation == Isolation.Plain && !HasOtherRoot(given) && !OwnExecutable.IsReadOnly)
        {
            OwnExecutable.ExecuteReadOnly();
        }

        // What has read and judged the spec is not needed any more.
        OwnImage.GiveBack();
        ContainerOptions options = request.Isolation == Isolation.System ? ContainerOptions.Read(given, warn) : new ContainerOptions();
        using Rollback rollback = new();
        using EngineRootfs rootfs = EngineRootfs.Open(Path.Combine(request.Bundle, given.Root?.Path ?? "rootfs"));
        using Fd directory = store.Create(request.Id);
        rollback.Add("remove the state", () => store.Remove(request.Id));
        using ContainerMonitor? monitor = SpawnMonitor(request, given, options, directory);
        if (monitor is not null)
        {
            rollback.Add("end the monitor", monitor.End);
        }

        FileText.Replace(directory, ContainerStore.SpecFile, specBytes);

        using JoinedNamespaces joined = JoinedNamespaces.Open(given, request.Isolation);
        JoinPod(request, given, joined);
        IdRange? range = TakeIds(request, given, options, joined);
        if (range is { } taken)
        {
            rollback.Add("give the ids back", () => new IdRangeAllocator(places.IdRanges).Release(taken));
        }

        CreatePlan plan = Plan(request, given, options, rootfs, joined, range);
        if (request.Isolation == Isolation.System && range is null && plan.Ids.Uids is [{ } shared, ..])
        {
            // Of a container whose namespace it joins, or of the one that we are in.
            rollback.Add("give the shared ids back", () => new IdRangeAllocator(places.IdRanges).Records.RemoveOf(store.DirectoryOf(request.Id)));
            new IdRangeAllocator(places.IdRanges).Share(new IdRange(shared.HostId, shared.Size), store.DirectoryOf(request.Id));
        }

        if (request.Isolation == Isolation.System)
        {
            VolumeClaims claims = new(places.VolumeClaims);
            rollback.Add("give up volumes", () => claims.Records.RemoveOf(store.DirectoryOf(request.Id)));
            claims.Claim(plan.Mounts, store.DirectoryOf(request.Id));
        }

        SeccompFilter? filter = ContainerFilter.Prepare(
            given.Linux?.Seccomp, request.Isolation, new FilterCache(places.SeccompFilters));
        if (monitor is not null && filter?.HasListener == true)
        {
            throw new UserError(
                "/linux/seccomp: SCMP_ACT_NOTIFY: the kernel lets a process have one seccomp listener, and a system container has its monitor's",
                "use --isolation=plain, or the annotation io.caisson.view=off");
        }

        CgroupPath cgroupPath = CgroupPath.Resolve(
            CgroupLayout.Detect(), plan.Spec.Linux?.CgroupsPath, request.Id.Value, request.SystemdCgroup, MayMissCgroups(plan.Spec));
        ContainerState state = DescribeState(request, plan, rootfs, range, cgroupPath);
        // Before anything outside the state directory is made, so that `delete --force` finds it all.
        ContainerStore.Write(directory, state);

        rollback.Add("bring the storage home", () => InnerStorage.TakeHome(state.Storage));
        state = state with { Storage = InnerStorage.Bring(state.Storage, rootfs.Layers) };
        ContainerStore.Write(directory, state);
        GiveStorage(state.Storage, plan.Ids);
        state = LimitDisk(state, plan.Mounts, rootfs, options, directory, rollback);
        plan = plan with { Mounts = StorageMounts.AddTo(plan.Mounts, state.Storage) };

        using Cgroup cgroup = CreateCgroup(cgroupPath, plan, request);
        rollback.Add("remove the cgroup", () => cgroup.Destroy(EndDeadline));
        // Which the monitor opens.
        using ViewPerformer? emulated = monitor is null ? null : BeginMonitor(monitor, plan, state, directory);

        uint user = plan.Ids.HostUid(plan.Process.User?.Uid ?? 0);
        if (!plan.Process.Terminal)
        {
            StandardStreams.GiveTo(user);
        }

        using MountPerformer mounts = new(plan.Mounts, plan.Ids, warn);
        mounts.OpenSources(plan.Process.Terminal, plan.Mounts.MapRootfs ? rootfs.Layers : null);
        if (mounts.ConsoleSlave is { } slave)
        {
            Nodes.ChangeOwner(slave, user, uint.MaxValue);
        }

        if (mounts.ConsoleMaster is { } attached && request.ConsoleSocket is null)
        {
            Terminal.ClearReturns(attached);
        }

        if (plan.Process is { Terminal: true, ConsoleSize: { } size })
        {
            Terminal.SetSize(mounts.ConsoleMaster!, new Terminal.winsize { ws_row = (ushort)size.Height, ws_col = (ushort)size.Width });
        }

        using Fd listener = UnixSocket.Listen(directory, ContainerStore.StartSocket);
        using SocketPair socket = SocketPair.Create();
        using HostView host = new();
        using Fd ownMounts = HostView.Leave();
        // Nor what has made the plan.
        OwnImage.GiveBack();
        InitProcess init = Spawn(
            request, plan, state.Descriptors, joined, cgroup, filter, monitor is null ? null : view!.Filter, mounts, listener, socket);
        rollback.Add("end the process", init.Kill);
        try
        {
            SetUpProcess(plan, cgroup, init);
            state = state with { Pid = init.Pid, StartTime = init.StartTime, Cgroup = cgroup.State };
            ContainerStore.Write(directory, state);
            BuildTree(plan, state, cgroupPath, cgroup, mounts, init, host, ownMounts, emulated);
        }
        finally
        {
            host.Return();
        }

        init.Tell();
        init.Wait();
        // Not before it has closed what it inherited, a descriptor a mount: RLIMIT_NOFILE counts them.
        ProcessLimits.Apply(init.Pid, plan.Process, plan.Ids.RootUid);
        if (monitor is not null)
        {
            CommitMonitor(monitor, init, ownMounts);
        }

        if (request.ConsoleSocket is { } console)
        {
            DescriptorSocket.SendTerminal(console, mounts.ConsoleMaster!);
        }

        DescriptorSocket.SendProcess(request.PidFdSocket, init.Process);
        PidFile.Write(request.PidFile, init.Pid);
        rollback.Commit();
        CollectOrphans();
        Fd? master = request.ConsoleSocket is null && mounts.ConsoleMaster is { } kept ? Fd.Duplicate(kept.Number) : null;
        return new CreatedContainer(init.Pid, init.Process, master);
    }

    // Storage of containers that went without a delete: the host crashed, or the engine's data was removed. Whoever holds an id
    // range has a state, under whatever --root.
    void CollectOrphans()
    {
        // Of other engines: asked for only where one is met that is none of this one's.
        HashSet<string>? owners = null;
        try
        {
            InnerStorage.CollectOrphans(places.Data, id => store.Has(id) || (owners ??= new IdRangeAllocator(places.IdRanges).Records.Containers()).Contains(id));
        }
        catch (KernelException failure) when (failure.Errno != Errno.EACCES || OwnUserNamespace.IsInitial)
        {
            warn($"collecting orphaned storage: {failure.Message}, ignoring");
        }
        catch (KernelException)
        {
            // Root's storage, and an ordinary user with a --root of its own.
        }
    }

    // Where it cannot be ID-mapped it belongs to the container's root on disk, as the rest of what the engine prepared.
    static void GiveStorage(IReadOnlyList<StorageEntry> storage, IdMaps ids)
    {
        foreach (StorageEntry entry in OwnUserNamespace.IsInitial || ids.AreOurs ? [] : storage)
        {
            Nodes.ChangeOwner(Fd.CurrentDirectory, entry.Directory, ids.RootUid, ids.RootGid);
        }
    }

    // A container whose root is another user on the host cannot write to our program anyway.
    static bool HasOtherRoot(Spec spec) => new IdMaps(spec.Linux?.UidMappings ?? [], []).RootUid != 0;

    // Root file system and mounts, in M1 and then in the container's own mount namespace.
    static void BuildTree(
        CreatePlan plan,
        ContainerState state,
        CgroupPath cgroupPath,
        Cgroup cgroup,
        MountPerformer mounts,
        InitProcess init,
        HostView host,
        Fd ownMounts,
        ViewPerformer? emulated)
    {
        using ContainerNamespaces namespaces = new(init.Pid);
        bool hasUser = plan.Namespaces.HasUser;
        using Fd? userNamespace = hasUser ? namespaces.User : null;
        mounts.MountRoot(userNamespace);
        init.Wait();
        cgroup.EndPlaceholder();
        mounts.CreateFileSystems(
            namespaces, userNamespace, CgroupHierarchies.Of(cgroupPath, cgroup), plan.Namespaces.Has(NamespaceKind.CLONE_NEWCGROUP));
        PreparedMount[] pristine = plan.Mounts.PristineDirectory is null ? [] : mounts.CreatePristine(namespaces);
        NetworkDevices.Move(plan.Spec.Linux?.NetDevices, namespaces);
        // Of their interfaces, too.
        Sysctls.Write(plan.Spec.Linux?.Sysctl, namespaces, plan.Ids.RootUid);
        mounts.AttachLocked();
        if (!hasUser)
        {
            mounts.AttachRest(hasPivoted: false);
        }

        RunCreateHooks(plan, state, mounts, init, host, ownMounts);
        mounts.PivotRoot();
        init.Tell();
        if (hasUser)
        {
            init.Wait();
        }

        emulated?.TakeCopies();
        if (hasUser)
        {
            Namespace.Join(init.Process, NamespaceKind.CLONE_NEWNS, "the container's mount namespace");
            mounts.AttachRest(hasPivoted: true);
        }

        emulated?.Cover(init.Process, plan.Mounts.MaskedPaths);
        mounts.Mask();
        mounts.AttachPristine(pristine);
    }

    static void RunCreateHooks(CreatePlan plan, ContainerState state, MountPerformer mounts, InitProcess init, HostView host, Fd ownMounts)
    {
        if (plan.Spec.Hooks is not { } hooks)
        {
            return;
        }

        OciState told = StateView.For(state, ContainerStatus.Creating);
        // In the runtime's namespaces: what a hook mounts there must reach the host.
        host.Return();
        HookRunner.Run(hooks.Prestart, "prestart", told);
        HookRunner.Run(hooks.CreateRuntime, "createRuntime", told);
        Namespace.Join(ownMounts, NamespaceKind.CLONE_NEWNS, "our copy of the mount namespace");
        if (hooks.CreateContainer is { Length: > 0 })
        {
            // All of the container's namespaces but user and mount: its tree is still being built, in ours.
            const NamespaceKind entered = NamespaceKind.CLONE_NEWNET | NamespaceKind.CLONE_NEWIPC | NamespaceKind.CLONE_NEWUTS;
            NamespaceKind has = entered & plan.Namespaces.All;
            mounts.EnterRoot();
            HookIdentity? identity = plan.Ids.RootUid == 0 ? null : new HookIdentity(plan.Ids.RootUid, plan.Ids.RootGid);
            HookRunner.Run(hooks.CreateContainer, "createContainer", told, has == 0 ? [] : [(init.Process.Number, has)], identity: identity);
        }
    }

    static void SetUpProcess(CreatePlan plan, Cgroup cgroup, InitProcess init)
    {
        if (plan.Namespaces.IsNew(NamespaceKind.CLONE_NEWUSER))
        {
            FileText.Write($"/proc/{init.Pid}/uid_map", IdMapText.Render(plan.Ids.Uids));
            FileText.Write($"/proc/{init.Pid}/gid_map", IdMapText.Render(plan.Ids.Gids));
        }

        ProcessScheduling.Apply(init.Pid, plan.Process, isExec: false);
        init.Tell();
    }
}
