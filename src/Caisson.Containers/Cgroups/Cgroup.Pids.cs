using System.Globalization;
using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>The processes in the cgroup, or also in all below it.</summary>
    public IReadOnlyList<int> Pids(bool recursive)
    {
        // Version 2 where there is one: there a process cannot be missing.
        CgroupDirectory? directory = Unified ?? Find("pids") ?? _directories.FirstOrDefault();
        if (directory is null)
        {
            return [];
        }

        List<int> pids = [];
        if (recursive)
        {
            return PidsBelow(directory);
        }

        AddPids(directory.Handle, pids);
        return pids;
    }

    static List<int> PidsBelow(CgroupDirectory directory)
    {
        List<int> pids = [];
        CgroupTree.Visit(directory.Handle, one => AddPids(one, pids));
        return pids;
    }

    static void AddPids(Fd directory, List<int> pids)
    {
        // A threaded cgroup answers EOPNOTSUPP for processes; its threads' ids do for telling and killing.
        string text = TryReadPids(directory, "cgroup.procs") ?? TryReadPids(directory, "cgroup.threads") ?? "";
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            // 0 is a process outside our pid namespace.
            if (int.TryParse(line, CultureInfo.InvariantCulture, out int pid) && pid > 0)
            {
                pids.Add(pid);
            }
        }
    }

    static string? TryReadPids(Fd directory, string file)
    {
        if (OpenAt2.TryOpen(directory, file, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? opened) != Errno.None)
        {
            return null;
        }

        using Fd reading = opened!;
        try
        {
            return Encoding.UTF8.GetString(FileText.ReadBytes(reading, file));
        }
        catch (KernelException failure) when (failure.Errno is Errno.EOPNOTSUPP or Errno.ENODEV)
        {
            return null;
        }
    }
}
