using Caisson.Containers.Levels;
using Caisson.Containers.Namespaces;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// Namespaces that the spec gives by path, opened. Network, ipc, uts, cgroup and pid are entered by the command's own thread
/// around the clone, with the host's privileges; user and time take a process with one thread, so the child joins them.
/// </summary>
sealed class JoinedNamespaces : IDisposable
{
    readonly List<(Fd Fd, NamespaceKind Kind, string Path)> _entered = [];

    public Fd? User { get; private set; }

    public Fd? Time { get; private set; }

    // Where the command's thread could not come back, the child joins these, too.
    bool _hasWayBack = true;

    /// <summary>A second clone is needed: what the child joins counts for its children, or the new namespaces are to belong to it.</summary>
    public bool IsStaged => User is not null || Time is not null || (!_hasWayBack && _entered.Count > 0);

    /// <summary>For the child's program; the user namespace last, as it takes the host's privileges away.</summary>
    public IReadOnlyList<(int Fd, NamespaceKind Kind)> ForChild =>
    [
        .. _entered.Where(entry => !IsForCommand(entry.Kind)).Select(static entry => (entry.Fd.Number, entry.Kind)),
        .. Time is null ? Array.Empty<(int, NamespaceKind)>() : [(Time.Number, NamespaceKind.CLONE_NEWTIME)],
        .. User is null ? Array.Empty<(int, NamespaceKind)>() : [(User.Number, NamespaceKind.CLONE_NEWUSER)],
    ];

    public static JoinedNamespaces Open(Spec spec, Isolation isolation)
    {
        JoinedNamespaces joined = new();
        foreach (LinuxNamespace entry in (spec.Linux?.Namespaces ?? []).Where(entry => entry.Path is not null))
        {
            joined.Open(NamespacePlan.KindOf(entry.Type), entry.Path!, entry.Type);
        }

        if (isolation == Isolation.System)
        {
            joined.RefuseHosts();
            if (joined.User is null)
            {
                joined.FindOwner(spec.Linux!);
            }
        }

        return joined;
    }

    /// <summary>Until disposed, children of this thread are born in the namespaces.</summary>
    public IDisposable Enter()
    {
        Rollback back = new();
        foreach ((Fd fd, NamespaceKind kind, string path) in _entered.Where(entry => IsForCommand(entry.Kind)))
        {
            string name = kind == NamespaceKind.CLONE_NEWPID ? "pid_for_children" : NamespacePlan.ProcNameOf(kind);
            Fd own = Namespace.OpenOwn(name);
            Namespace.Join(fd, kind, path);
            back.Add($"leave {path}", () =>
            {
                Namespace.Join(own, kind, $"our own {name} namespace");
                own.Dispose();
            });
        }

        return back;
    }

    /// <summary>Joins a user namespace, too, unless the spec has given other ids; it is disposed in any case.</summary>
    public bool TryTakeUser(Fd owner, Linux spec)
    {
        if (HasMappings(owner, spec))
        {
            User = owner;
            return true;
        }

        owner.Dispose();
        return false;
    }

    public void Dispose()
    {
        _entered.ForEach(entry => entry.Fd.Dispose());
        User?.Dispose();
        Time?.Dispose();
    }

    // A first child that is in another pid namespace would tell its child's pid as it is in there: it is the second one that goes in.
    bool IsForCommand(NamespaceKind kind) => _hasWayBack && !(kind == NamespaceKind.CLONE_NEWPID && IsStaged);

    void Open(NamespaceKind kind, string path, string type)
    {
        Errno errno = OpenAt2.TryOpen(Fd.CurrentDirectory, path, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? fd);
        if (errno != Errno.None)
        {
            throw new UserError(
                $"/linux/namespaces: {type}: open '{path}': {errno.Describe()}", "give the path of a namespace that exists, or none");
        }

        switch (kind)
        {
            case NamespaceKind.CLONE_NEWUSER:
                User = fd;
                break;
            case NamespaceKind.CLONE_NEWTIME:
                Time = fd;
                break;
            default:
                _entered.Add((fd!, kind, path));
                _hasWayBack &= Namespace.CanReturn(kind, kind == NamespaceKind.CLONE_NEWPID ? "pid_for_children" : NamespacePlan.ProcNameOf(kind));
                break;
        }
    }

    // Docker up to 20.10 says --network host by the path of the host's namespace.
    void RefuseHosts()
    {
        foreach ((Fd fd, NamespaceKind kind, _) in _entered)
        {
            string name = NamespacePlan.ProcNameOf(kind);
            using Fd own = Namespace.OpenOwn(name);
            if (Stat.Of(fd).IsSameInode(Stat.Of(own)))
            {
                throw SystemLevel.SharesHost(name == "net" ? "network" : name);
            }
        }
    }

    // A namespace of another container (docker run --network container:x, the sandbox of a pod) belongs to that container's user
    // namespace: only its members may administer it, and its files and processes are theirs. One of the host's (made by an engine
    // or a CNI plugin) leaves us our own. Where they belong to several, the network decides.
    void FindOwner(Linux spec)
    {
        using Fd own = Namespace.OpenOwn("user");
        foreach ((Fd fd, _, string path) in _entered.OrderBy(entry => entry.Kind != NamespaceKind.CLONE_NEWNET))
        {
            Fd owner = Namespace.Owner(fd, path);
            if (Stat.Of(owner).IsSameInode(Stat.Of(own)))
            {
                owner.Dispose();
            }
            else if (TryTakeUser(owner, spec))
            {
                return;
            }
        }
    }

    // The engine may have chosen other ids, and prepared the files for them.
    static bool HasMappings(Fd owner, Linux spec)
    {
        if (spec.UidMappings is not { Length: > 0 })
        {
            return true;
        }

        IdMaps maps = MappingNamespace.Read(owner);
        return maps.Uids.SequenceEqual(spec.UidMappings) && maps.Gids.SequenceEqual(spec.GidMappings ?? []);
    }
}
