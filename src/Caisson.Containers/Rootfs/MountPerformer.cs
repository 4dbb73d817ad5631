using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// Performs a <see cref="MountPlan"/>. The caller's thread has its own root and working directory (unshare(CLONE_FS)) and
/// walks through the stages in this order:
/// <list type="number">
/// <item><see cref="OpenSources"/> on the host: copies of what is bound, while host paths mean what they say.</item>
/// <item><see cref="MountRoot"/> in the private mount namespace M1.</item>
/// <item><see cref="CreateFileSystems"/> once the container's namespaces exist: all superblocks, still detached.</item>
/// <item><see cref="AttachLocked"/> in M1: mount points, and what the container's root must not be able to change.</item>
/// <item>Where there is no user namespace, <see cref="AttachRest"/>, so that hooks find everything.</item>
/// <item><see cref="PivotRoot"/> in M1.</item>
/// <item>Otherwise <see cref="AttachRest"/> in the container's mount namespace M2.</item>
/// <item><see cref="Mask"/> there.</item>
/// </list>
/// </summary>
sealed partial class MountPerformer(MountPlan plan, IdMaps ids, Action<string> warn) : IDisposable
{
    readonly Dictionary<MountStep, PreparedMount> _prepared = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<MountStep, OverlayMount> _overlays = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<MountStep, Fd> _mappings = new(ReferenceEqualityComparer.Instance);
    OverlayMount? _overlay;
    DeviceBinds? _devices;
    Fd? _root;

    // The caller's.
    Fd? _userNamespace;

    /// <summary>The container's terminal's device, for its own /dev/console; null without one.</summary>
    public Fd? ConsoleMaster { get; private set; }

    public Fd? ConsoleSlave { get; private set; }

    public void OpenSources(bool terminal, OverlayLayers? layers)
    {
        using (Fd rootfs = OpenRootfs())
        {
            if (plan.MapRootfs && layers?.Upper is not null)
            {
                SharedDirectories.CopyUp(rootfs, plan.WorkingDirectory);
                _overlay = OverlayMount.OpenRootfs(layers);
            }
            else
            {
                _root = MountTree.Clone(rootfs, recursive: true, plan.Rootfs);
            }
        }

        foreach (MountStep step in plan.Mounts)
        {
            if (step.Kind == MountKind.Bind)
            {
                During(step, () => _ = step.Inside is null && _prepared.TryAdd(step, OpenSource(step)));
            }
            else if (step.Kind == MountKind.Overlay)
            {
                During(step, () => _overlays.Add(step, OverlayMount.Open(OverlayLayers.Parse(step.Options.Data)!)));
            }
            else if (step.Kind == MountKind.Devpts)
            {
                During(step, () => _prepared.Add(step, new PreparedMount(
                    step, FileSystemFactory.CreateDevpts(step, ids.Uids, ids.Gids), IsDirectory: true, [])));
            }
        }

        _devices = OwnUserNamespace.IsInitial ? null : DeviceBinds.Open(plan.Devices);
        if (terminal)
        {
            OpenTerminal();
        }
    }

    /// <summary>
    /// Attaches the root file system in M1 at its own path, where hooks look for it, and where nobody else sees it.
    /// </summary>
    public void MountRoot(Fd? userNamespace)
    {
        CreateStaged(userNamespace);
        FixReadOnly(userNamespace);
        using Fd stage = plan.Rootfs == "/" ? Staging.OpenPlace() : OpenRootfs();
        if (_overlay is not null)
        {
            _root = _overlay.Mount(stage, userNamespace!, ids);
            using Fd layers = OpenAt2.Open(".", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            MountTree.Attach(_root, layers, plan.Rootfs);
            return;
        }

        if (plan.MapRootfs)
        {
            IdMapping.Require(_root!, userNamespace!, plan.Rootfs);
        }

        MountTree.Attach(_root!, stage, plan.Rootfs);
        // The copy of a shared mount is shared: pivot_root refuses that, and nothing may reach the host.
        KernelException.Require(
            MountTree.TrySetAttributes(
                _root!, MountAttributes.None, MountAttributes.None, MountFlags.MS_SLAVE, null, recursive: true),
            "stop propagation of the root file system", plan.Rootfs);
    }

    public void CreateFileSystems(ContainerNamespaces namespaces, Fd? userNamespace, IReadOnlyList<CgroupHierarchy> cgroups, bool cgroupNamespace)
    {
        _userNamespace = userNamespace;
        foreach (MountStep step in plan.Mounts.Where(step => step.Inside is not null))
        {
            During(step, () => OwnMapping(step));
        }

        foreach (MountStep step in plan.Mounts.Where(step => !step.StaysReadOnly && step.Inside is null))
        {
            During(step, () =>
            {
                if (step.Kind == MountKind.Bind)
                {
                    MapBind(_prepared[step], userNamespace);
                }
                else if (!_prepared.ContainsKey(step))
                {
                    _prepared.Add(step, Create(step, namespaces, cgroups, cgroupNamespace));
                }

                SetAttributes(_prepared[step]);
            });
        }
    }

    /// <summary>Makes every mount point that lies on the root file system itself, then attaches the locked mounts.</summary>
    public void AttachLocked()
    {
        // What is made on the container's file systems belongs to its root.
        using FsIdentity identity = FsIdentity.Become(ids.RootUid, ids.RootGid);
        RootedPath root = new(_root!);
        HashSet<string> covered = [];
        foreach (MountStep step in plan.Mounts)
        {
            During(step, () =>
            {
                if (step.Locked)
                {
                    Attach(root, _prepared[step]);
                }
                else if (step.Inside is null && !MountPlanner.Ancestors(step.Destination).Any(covered.Contains))
                {
                    EnsureTarget(root, _prepared[step]).Dispose();
                    _hasPlace.Add(step);
                }
            });
            covered.Add(step.Destination);
        }

        // Before the copy for the container, so that the flag is locked in it.
        if (plan.ReadOnlyRoot)
        {
            Errno errno = MountTree.TrySetAttributes(
                _root!, MountAttributes.MOUNT_ATTR_RDONLY, MountAttributes.None, MountFlags.None, null, recursive: false);
            KernelException.Require(errno, "make the root file system read-only", plan.Rootfs);
        }
    }

    public void PivotRoot()
    {
        WorkingDirectory.Change(_root!, plan.Rootfs);
        Mount.PivotToWorkingDirectory();
        // The old root is stacked on the new one at the same place; what is on top goes.
        Mount.Detach(".");
        using Fd top = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        WorkingDirectory.Change(top, "/");
    }

    /// <summary>Makes the root file system the working directory, as hooks of the container find it.</summary>
    public void EnterRoot() => WorkingDirectory.Change(_root!, plan.Rootfs);

    /// <param name="hasPivoted">Else the root file system still lies at its own path.</param>
    public void AttachRest(bool hasPivoted)
    {
        using FsIdentity identity = FsIdentity.Become(ids.RootUid, ids.RootGid);
        using Fd top = hasPivoted ? OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY) : OpenAt2.Open(_root!, ".", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        RootedPath root = new(top);
        foreach (MountStep step in plan.Mounts.Where(step => !step.Locked))
        {
            During(step, () => Attach(root, step.Inside is null ? _prepared[step] : OpenInside(root, step)));
        }

        DevicePerformer.Perform(plan, root, ids, _devices);
        MakeWorkingDirectory(root);
        if (ConsoleMaster is not null)
        {
            AttachConsole(root);
        }

        foreach (MountStep step in plan.Mounts.Where(IsReadOnlyLast))
        {
            KernelException.Require(
                MountTree.TrySetAttributes(_prepared[step].Tree, MountAttributes.MOUNT_ATTR_RDONLY, 0, 0, null, recursive: false),
                "mount_setattr MOUNT_ATTR_RDONLY", step.Destination);
        }
    }

    // Mount points and devices are made in it first.
    static bool IsReadOnlyLast(MountStep step) =>
        step is { Kind: MountKind.New, Locked: false } && step.Options.Set.HasFlag(MountAttributes.MOUNT_ATTR_RDONLY);

    /// <summary>Last of all, over whatever lies there by now.</summary>
    public void Mask()
    {
        using FsIdentity identity = FsIdentity.Become(ids.RootUid, ids.RootGid);
        using Fd top = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        MaskPerformer.Perform(plan, new RootedPath(top));
        MountFlags propagation = plan.RootPropagation == MountFlags.None ? MountFlags.MS_PRIVATE : plan.RootPropagation;
        Mount.SetPropagation("/", propagation);
    }

    /// <summary>Whole instances of proc and sysfs, hidden below an empty directory; see mount_too_revealing in fs/namespace.c.</summary>
    public PreparedMount[] CreatePristine(ContainerNamespaces namespaces)
    {
        MountOptions options = MountOptions.Parse(["nosuid", "nodev", "noexec"]);
        MountStep proc = new(MountKind.Proc, "proc", "proc", plan.PristineDirectory + "/proc", options);
        MountStep sysfs = new(MountKind.Sysfs, "sysfs", "sysfs", plan.PristineDirectory + "/sys", options);
        MountStep cover = new(MountKind.New, "tmpfs", "none", plan.PristineDirectory!, MountOptions.Parse(["ro", "nosuid", "nodev", "noexec", "mode=000", "size=4k"]));
        PreparedMount[] made = [.. new[] { proc, sysfs, cover }.Select(step => Create(step, namespaces, [], false))];
        Array.ForEach(made, SetAttributes);
        return made;
    }

    public void AttachPristine(PreparedMount[] made)
    {
        using FsIdentity identity = FsIdentity.Become(ids.RootUid, ids.RootGid);
        using Fd top = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        RootedPath root = new(top);
        foreach (PreparedMount mount in made)
        {
            During(mount.Step, () =>
            {
                using Fd target = root.EnsureDirectory(mount.Step.Destination);
                MountTree.AttachUnseen(mount.Tree, target, mount.Step.Destination);
            });
            mount.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (PreparedMount mount in _prepared.Values)
        {
            mount.Dispose();
        }

        foreach (OverlayMount overlay in _overlays.Values)
        {
            overlay.Dispose();
        }

        foreach (Fd mapping in _mappings.Values)
        {
            mapping.Dispose();
        }

        _overlay?.Dispose();
        _devices?.Dispose();
        _root?.Dispose();
        ConsoleMaster?.Dispose();
        ConsoleSlave?.Dispose();
    }

    static PreparedMount OpenSource(MountStep step)
    {
        using Fd source = OpenAt2.Open(step.Source, OpenFlags.O_PATH);
        if (step.Below is { } path)
        {
            const ResolveFlags careful = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS;
            using Fd below = OpenAt2.Open(source, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, careful);
            return new PreparedMount(step, MountTree.Clone(below, recursive: false, path), IsDirectory: true, []);
        }

        bool isDirectory = Stat.Of(source).IsDirectory;
        Fd tree = MountTree.Clone(source, step.Options.IsRecursiveBind && isDirectory, step.Source);
        return new PreparedMount(step, tree, isDirectory, []);
    }

    PreparedMount OpenInside(RootedPath root, MountStep step)
    {
        using Fd source = root.Open(step.Inside!);
        bool isDirectory = Stat.Of(source).IsDirectory;
        PreparedMount mount = new(step, MountTree.Clone(source, step.Options.IsRecursiveBind && isDirectory, step.Source), isDirectory, []);
        _prepared.Add(step, mount);
        MapBind(mount, _userNamespace);
        SetAttributes(mount);
        return mount;
    }

    Fd OpenRootfs()
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, plan.Rootfs, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? rootfs);
        return errno == Errno.None ? rootfs! : throw new ContainerException(
            "the root file system of /root/path", new KernelException(errno, "open", plan.Rootfs));
    }

    void OpenTerminal()
    {
        MountStep step = plan.Mounts.FirstOrDefault(step => step.Kind == MountKind.Devpts) ?? throw new UserError(
            "process.terminal is true but no devpts is mounted", "add a mount of type devpts at /dev/pts to /mounts");
        const OpenFlags flags = OpenFlags.O_RDWR | OpenFlags.O_NOFOLLOW;
        ConsoleMaster = OpenAt2.Open(_prepared[step].Tree, "ptmx", flags);
        ConsoleSlave = Kernel.Devices.Terminal.OpenSlave(ConsoleMaster);
    }

    PreparedMount Create(
        MountStep step, ContainerNamespaces namespaces, IReadOnlyList<CgroupHierarchy> cgroups, bool cgroupNamespace)
    {
        Fd tree;
        switch (step.Kind)
        {
            case MountKind.Proc:
                using (Fd pid = namespaces.Pid)
                {
                    tree = FileSystemFactory.CreateProc(step, pid);
                }

                break;
            case MountKind.Sysfs:
                tree = namespaces.Within(NamespaceKind.CLONE_NEWNET, FileSystemFactory.CreateSysfs);
                break;
            case MountKind.Mqueue:
                tree = namespaces.Within(NamespaceKind.CLONE_NEWIPC, FileSystemFactory.CreateMqueue);
                break;
            case MountKind.Cgroup:
                return CgroupMounts.Create(step, cgroups, cgroupNamespace, namespaces, ids.Uids, ids.Gids);
            default:
                tree = FileSystemFactory.CreateNew(step, ids.Uids, ids.Gids, InheritedMode(step));
                break;
        }

        return new PreparedMount(step, tree, IsDirectory: true, []);
    }

    // Before the root file system is there, which the staging directory could cover.
    void CreateStaged(Fd? userNamespace)
    {
        foreach (MountStep step in plan.Mounts)
        {
            if (_overlays.TryGetValue(step, out OverlayMount? overlay))
            {
                During(step, () =>
                {
                    using Fd stage = Staging.OpenPlace();
                    using Fd mount = overlay.Mount(stage, step.MapIds ? userNamespace : null, ids);
                    _prepared.Add(step, new PreparedMount(step, MountTree.Clone(mount, recursive: false, step.Destination), IsDirectory: true, []));
                });
            }
            else if (step.Kind == MountKind.New && Staging.IsNeededFor(step.Options))
            {
                During(step, () => _prepared.Add(step, new PreparedMount(
                    step, FileSystemFactory.CreateByName(step, ids.Uids, ids.Gids), IsDirectory: true, [])));
            }
        }
    }

    void FixReadOnly(Fd? userNamespace)
    {
        MountStep[] steps = [.. plan.Mounts.Where(step => step.StaysReadOnly)];
        if (steps.Length == 0)
        {
            return;
        }

        foreach (MountStep step in steps)
        {
            During(step, () =>
            {
                MapBind(_prepared[step], userNamespace);
                SetAttributes(_prepared[step]);
            });
        }

        Fd[] copies = FixedReadOnly.Take(Array.ConvertAll(steps, step => _prepared[step].Tree), userNamespace!);
        for (int i = 0; i < steps.Length; i++)
        {
            _prepared[steps[i]].Dispose();
            _prepared[steps[i]] = _prepared[steps[i]] with { Tree = copies[i] };
        }
    }

    void MapBind(PreparedMount mount, Fd? userNamespace)
    {
        MountStep step = mount.Step;
        // In a user namespace only what was mounted there can be mapped, and nothing of that is an engine's.
        if (!step.MapIds || (step.OwnUidMap is null && !step.Options.IdMap && (ids.AreOurs || !OwnUserNamespace.IsInitial)))
        {
            return;
        }

        Fd mapping = OwnMapping(step) ?? userNamespace ?? throw new UserError(
            $"mount on {step.Destination}: idmap without mappings", "give the mount uidMappings and gidMappings, or the container a user namespace");
        bool recursive = step.Options.RecursiveIdMap || (step.Options.IsRecursiveBind && !step.MustMapIds);
        Errno errno = IdMapping.Try(mount.Tree, mapping, recursive);
        if (errno != Errno.None && recursive && !step.MustMapIds)
        {
            // One file system below the source may be unable to; the source itself may still be.
            errno = IdMapping.Try(mount.Tree, mapping, recursive: false);
        }

        if (errno != Errno.None && step.MustMapIds)
        {
            throw new KernelException(errno, "mount_setattr MOUNT_ATTR_IDMAP", step.Source);
        }

        if (errno != Errno.None)
        {
            warn($"'{step.Source}' on {step.Destination} cannot be ID-mapped ({errno}): its owners show as nobody, proceeding anyway");
        }
    }

    // Made while /proc is the host's.
    Fd? OwnMapping(MountStep step)
    {
        if (step.OwnUidMap is not null && !_mappings.ContainsKey(step))
        {
            _mappings.Add(step, MappingNamespace.Create(step.OwnUidMap, step.OwnGidMap ?? ""));
        }

        return _mappings.GetValueOrDefault(step);
    }

    static void SetAttributes(PreparedMount mount)
    {
        MountOptions options = mount.Step.Options;
        // Read-only is applied to the mount itself only, as mount(2) does it; the r… words are for the whole tree.
        KernelException.Require(
            MountTree.TrySetAttributes(
                mount.Tree, IsReadOnlyLast(mount.Step) ? options.Set & ~MountAttributes.MOUNT_ATTR_RDONLY : options.Set, options.Clear,
                MountFlags.None, null, recursive: false),
            $"mount_setattr {options.Set}", mount.Step.Destination);
        if (options.RecursiveSet != 0 || options.RecursiveClear != 0)
        {
            KernelException.Require(
                MountTree.TrySetAttributes(
                    mount.Tree, options.RecursiveSet, options.RecursiveClear, MountFlags.None, null, recursive: true),
                $"mount_setattr {options.RecursiveSet} AT_RECURSIVE", mount.Step.Destination);
        }

        MountFlags propagation = options.Propagation == 0 ? MountFlags.MS_PRIVATE | MountFlags.MS_REC : options.Propagation;
        KernelException.Require(
            MountTree.TrySetAttributes(
                mount.Tree, 0, 0, propagation & ~MountFlags.MS_REC, null, propagation.HasFlag(MountFlags.MS_REC)),
            $"mount_setattr {propagation}", mount.Step.Destination);
    }

    static void During(MountStep step, Action perform) =>
        ContainerException.During($"mount \"{step.Source}\" on {step.Destination}", perform);
}
