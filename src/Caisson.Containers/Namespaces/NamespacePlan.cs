using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Containers.Namespaces;

/// <summary>Which namespaces a container gets: new ones, those of a path, and by silence the runtime's own.</summary>
/// <param name="New">Made for the container.</param>
/// <param name="Joined">Kind and path of those that exist already.</param>
public sealed record NamespacePlan(NamespaceKind New, IReadOnlyList<JoinedNamespace> Joined)
{
    static readonly (string Type, NamespaceKind Kind, string ProcName)[] Kinds =
    [
        ("user", NamespaceKind.CLONE_NEWUSER, "user"),
        ("pid", NamespaceKind.CLONE_NEWPID, "pid"),
        ("network", NamespaceKind.CLONE_NEWNET, "net"),
        ("ipc", NamespaceKind.CLONE_NEWIPC, "ipc"),
        ("uts", NamespaceKind.CLONE_NEWUTS, "uts"),
        ("mount", NamespaceKind.CLONE_NEWNS, "mnt"),
        ("cgroup", NamespaceKind.CLONE_NEWCGROUP, "cgroup"),
        ("time", NamespaceKind.CLONE_NEWTIME, "time"),
    ];

    /// <summary>Each kind with the name it has under /proc/PID/ns.</summary>
    public static IEnumerable<(NamespaceKind Kind, string ProcName)> ProcNames => Kinds.Select(kind => (kind.Kind, kind.ProcName));

    /// <summary>All that are not the host's.</summary>
    public NamespaceKind All => Joined.Aggregate(New, (kinds, joined) => kinds | joined.Kind);

    public bool HasUser => Has(NamespaceKind.CLONE_NEWUSER);

    public static NamespacePlan Plan(Spec spec)
    {
        NamespaceKind made = NamespaceKind.None;
        List<JoinedNamespace> joined = [];
        foreach (LinuxNamespace entry in spec.Linux?.Namespaces ?? [])
        {
            NamespaceKind kind = KindOf(entry.Type);
            if (entry.Path is null)
            {
                made |= kind;
            }
            else
            {
                joined.Add(new JoinedNamespace(kind, entry.Path));
            }
        }

        return new NamespacePlan(made, joined);
    }

    public bool IsNew(NamespaceKind kind) => New.HasFlag(kind);

    /// <summary>New or joined: anything but the host's.</summary>
    public bool Has(NamespaceKind kind) => IsNew(kind) || Joined.Any(joined => joined.Kind == kind);

    public static NamespaceKind KindOf(string type) => Array.Find(Kinds, kind => kind.Type == type).Kind;

    /// <summary>The spec's words for all kinds in a set of flags.</summary>
    public static string TypesOf(NamespaceKind kinds) =>
        string.Join(", ", Kinds.Where(known => kinds.HasFlag(known.Kind)).Select(known => known.Type));

    public static string ProcNameOf(NamespaceKind kind) => Array.Find(Kinds, known => known.Kind == kind).ProcName;
}

/// <summary>A namespace that exists and is joined by its path.</summary>
public sealed record JoinedNamespace(NamespaceKind Kind, string Path);
