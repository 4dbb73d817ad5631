namespace Caisson.Emulation.Cgroups;

/// <summary>
/// The hierarchies that have a container's controllers: one of version 1 where the controller is mounted so, else version 2.
/// Null is a controller that is nowhere: the host's values are the container's.
/// </summary>
sealed class ContainerCgroups
{
    readonly List<(string Name, Hierarchy Opened)> _hierarchies = [];

    /// <param name="directories">As <see cref="ContainerView.Cgroups"/> has them.</param>
    public ContainerCgroups(IReadOnlyDictionary<string, string> directories)
    {
        foreach ((string name, string directory) in directories)
        {
            if (Hierarchy.TryOpen(name, directory) is { } opened)
            {
                _hierarchies.Add((name, opened));
            }
        }

        Memory = With("memory");
        Cpu = With("cpu");
        CpuUsage = With("cpuacct");
        CpuSet = With("cpuset");
        Pids = With("pids");
        Io = With("blkio");
        Version2 = _hierarchies.Find(one => one.Opened.IsVersion2).Opened;
    }

    public Hierarchy? Memory { get; }

    public Hierarchy? Cpu { get; }

    /// <summary>Where CPU time is counted: cpuacct, or cpu.stat of version 2.</summary>
    public Hierarchy? CpuUsage { get; }

    public Hierarchy? CpuSet { get; }

    public Hierarchy? Pids { get; }

    public Hierarchy? Io { get; }

    /// <summary>Also beside version 1: it alone knows of pressure.</summary>
    public Hierarchy? Version2 { get; }

    Hierarchy? With(string controller)
    {
        Hierarchy? found = _hierarchies.Find(one => one.Name.Split(',').Contains(controller)).Opened;
        return found ?? _hierarchies.Find(one => one.Opened.IsVersion2).Opened;
    }
}
