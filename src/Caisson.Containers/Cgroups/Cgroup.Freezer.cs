using System.Diagnostics;

namespace Caisson.Containers.Cgroups;

/// <remarks>
/// Version 2's freezer is used wherever that hierarchy is mounted, also beside version 1: it tells when it is done, and what
/// it has frozen can be killed. Version 1's can stay in FREEZING for as long as new processes keep appearing; it is written
/// to again and again up to the deadline, and there is no event to wait for.
/// </remarks>
public sealed partial class Cgroup
{
    /// <summary>The directory that <see cref="Freeze"/> writes to; null where there is no freezer.</summary>
    public string? FreezerPath => UnifiedFreezer?.Path ?? Find("freezer")?.Path;

    CgroupDirectory? UnifiedFreezer => Unified is { } unified && unified.TryRead("cgroup.freeze") is not null ? unified : null;

    /// <summary>Frozen by either freezer.</summary>
    public bool IsFrozen => _directories.Exists(IsFrozenIn);

    /// <summary>Stops all processes; when that cannot be done in time, none.</summary>
    public void Freeze(TimeSpan deadline)
    {
        bool frozen = false;
        try
        {
            frozen = UnifiedFreezer is { } unified
                ? FreezeUnified(unified, deadline)
                : FreezeLegacy(
                    Find("freezer") ?? throw new UserError(
                        "processes cannot be frozen: no hierarchy with a freezer is mounted",
                        "mount cgroup2, or version 1's freezer"),
                    deadline);
        }
        finally
        {
            if (!frozen)
            {
                Thaw();
            }
        }

        if (!frozen)
        {
            throw new ContainerException(
                $"the processes in {_directories[0].Path} could not be frozen in {deadline.TotalSeconds:0.#} seconds; they go on");
        }
    }

    public void Thaw()
    {
        foreach (CgroupDirectory directory in _directories)
        {
            if (IsFrozenIn(directory) && directory.IsUnified)
            {
                directory.Write("cgroup.freeze", "0");
            }
            else if (Hierarchy.Has(directory.Hierarchy, "freezer"))
            {
                directory.Write("freezer.state", "THAWED");
            }
        }
    }

    static bool FreezeUnified(CgroupDirectory directory, TimeSpan deadline)
    {
        directory.Write("cgroup.freeze", "1");
        return EventsFile.WaitFor(directory, "frozen 1", deadline, removed: false);
    }

    static bool FreezeLegacy(CgroupDirectory directory, TimeSpan deadline)
    {
        long start = Stopwatch.GetTimestamp();
        for (int tries = 1; Stopwatch.GetElapsedTime(start) < deadline; tries++)
        {
            directory.Write("freezer.state", "FROZEN");
            if (directory.TryRead("freezer.state")?.Trim() == "FROZEN")
            {
                return true;
            }

            // Letting go now and then helps against processes that are forking all the time.
            if (tries % 50 == 0)
            {
                directory.Write("freezer.state", "THAWED");
                Thread.Sleep(10);
            }
        }

        return false;
    }

    // By itself: a cgroup below a frozen one is not ours to thaw.
    static bool IsFrozenIn(CgroupDirectory directory)
    {
        if (directory.IsUnified)
        {
            return directory.TryRead("cgroup.freeze")?.Trim() == "1";
        }

        return Hierarchy.Has(directory.Hierarchy, "freezer") && directory.TryRead("freezer.self_freezing")?.Trim() == "1";
    }
}
