using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Text;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Sources;

/// <summary>
/// From where a reader looks: its place in the container's cgroups, and the memory that texts are read into. One thread's own,
/// used again for each reader.
/// </summary>
sealed class Viewpoint(ContainerView view, HostFiles host, ContainerCgroups cgroups, LoadHistory load)
{
    // 14 hierarchies with paths of PATH_MAX are no more.
    const int LongestMembership = 64 * 1024;
    const int LongestControl = 64 * 1024;
    // /proc/cpuinfo with a thousand CPUs has 1.5 MB.
    const int LongestHostText = 16 * 1024 * 1024;

    readonly InnerFiles _inner = new();
    readonly TextBuffer _membership = new(LongestMembership);
    bool _isPlaced;

    public ContainerView View => view;

    public HostFiles Host => host;

    public ContainerCgroups Cgroups => cgroups;

    public LoadHistory Load => load;

    /// <summary>Of the machine's counters.</summary>
    public StatBaseline Baseline { get; init; }

    /// <summary>The reader's thread; 0 where it is unknown.</summary>
    public int Pid { get; private set; }

    /// <summary>For the text that a view rewrites.</summary>
    public TextBuffer Text { get; } = new(LongestHostText, 4096);

    /// <summary>For control files of cgroups.</summary>
    public TextBuffer Control { get; } = new(LongestControl);

    /// <summary>For a second one at the same time.</summary>
    public TextBuffer Second { get; } = new(LongestControl);

    public CpuShare Cpus { get; } = new();

    /// <summary>Nanoseconds since the container was created.</summary>
    public long Age => Math.Max(0, Clock.BootTime - view.StartedAt);

    public void MoveTo(int pid)
    {
        Pid = pid;
        _isPlaced = false;
    }

    /// <summary>The reader's cgroup below the container's; empty for a reader in the container's own or outside.</summary>
    public ReadOnlySpan<byte> PlaceIn(Hierarchy hierarchy)
    {
        if (!_isPlaced)
        {
            _isPlaced = true;
            if (Pid <= 0 || !host.TryReadOf(Pid, "cgroup"u8, _membership))
            {
                _membership.Clear();
            }
        }

        return hierarchy.Below(_membership.Bytes);
    }

    /// <param name="below">The cgroup's path below the container's; empty for the container's own.</param>
    public bool TryRead(Hierarchy hierarchy, ReadOnlySpan<byte> below, CgroupFile file, TextBuffer text) =>
        below.IsEmpty ? hierarchy.TryRead(file, text) : _inner.TryRead(hierarchy, below, file, text);

    /// <summary>The number that a control file begins with.</summary>
    public bool TryReadNumber(Hierarchy hierarchy, ReadOnlySpan<byte> below, CgroupFile file, out long number)
    {
        number = 0;
        return TryRead(hierarchy, below, file, Control) && Number.Parse(Control.Bytes, out number) > 0;
    }

    /// <summary>A limit: "max", what is no number and what cannot be read are none, which is <see cref="long.MaxValue"/>.</summary>
    public long ReadLimit(Hierarchy hierarchy, ReadOnlySpan<byte> below, CgroupFile file) =>
        TryReadNumber(hierarchy, below, file, out long limit) ? limit : long.MaxValue;
}
