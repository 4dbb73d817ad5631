using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Sysctl;
using Caisson.Fuse.Nodes;
using Caisson.Kernel.Namespaces;

namespace Caisson.Emulation;

/// <summary>
/// All that a container is shown in place of the host's values. To be made on a thread that sees the host's /proc, /sys and
/// cgroups; descriptors serve from then on. One thread serves the files, another one may ask for the facts.
/// </summary>
public sealed class EmulatedTree
{
    readonly Viewpoint _forFacts;

    /// <summary>The files of every tree as they are listed: names and modes, without contents.</summary>
    public static IReadOnlyList<FuseFile> Listing => [.. LeafTable.Leaves.Select(leaf => new FuseFile(LeafTable.NameOf(leaf), leaf.Mode, leaf))];

    public EmulatedTree(ContainerView view, ValueStore values, Action<string> log)
    {
        HostFiles host = new();
        ContainerCgroups cgroups = new(view.Cgroups);
        LoadHistory load = new();
        if (cgroups.Memory is null)
        {
            log("no cgroup of the container can be read: its memory and CPUs are shown as the host's");
        }

        _forFacts = new Viewpoint(view, host, cgroups, load);
        Viewpoint from = new(view, host, cgroups, load) { Baseline = StatBaseline.Take(values, host) };
        LeafContext context = new(view, from, values, new SysctlValues(values, host), Namespace.OpenOwn("uts"));
        Files = [.. LeafTable.Leaves.Select(leaf => LeafTable.FileOf(leaf, context))];
    }

    /// <summary>One for each leaf: its path without the first '/', with '!' for the others.</summary>
    public IReadOnlyList<FuseFile> Files { get; }

    /// <summary>What sysinfo(2) is to tell a process.</summary>
    public SystemFacts FactsFor(int pid)
    {
        _forFacts.MoveTo(pid);
        return SystemFacts.Read(_forFacts);
    }
}
