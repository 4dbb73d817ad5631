using System.Diagnostics;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Cgroups;

public sealed partial class Cgroup
{
    const int SIGKILL = 9;

    /// <summary>
    /// Sends SIGKILL to every process in and below the cgroup; does not wait for their end (<see cref="Destroy"/> does).
    /// </summary>
    public void Kill(TimeSpan deadline)
    {
        if (Unified is { } unified && FileText.TryWrite(unified.Handle, "cgroup.kill", "1") == Errno.None)
        {
            // What version 1's freezer holds dies only when it is let go, wherever below it was frozen.
            ThawLegacy();
            return;
        }

        KillEach(deadline);
    }

    /// <summary>Removes the cgroup with all below it, once its processes have ended.</summary>
    /// <param name="deadline">How long to wait for that.</param>
    /// <param name="stopsUnit">False where its unit may be another's.</param>
    public void Destroy(TimeSpan deadline, bool stopsUnit = true)
    {
        if (stopsUnit)
        {
            StopUnit();
        }

        long start = Stopwatch.GetTimestamp();
        // Version 2 first: it says when it is empty, and then the others are, too.
        foreach ((string hierarchy, string path) in State.Paths.OrderBy(static one => one.Key.Length > 0))
        {
            Errno errno = Directories.TryRemove(Fd.CurrentDirectory, path);
            while (errno is not (Errno.None or Errno.ENOENT))
            {
                TimeSpan left = deadline - Stopwatch.GetElapsedTime(start);
                errno = TryRemoveTree(hierarchy, path, errno, left, out List<int> pids);
                if (errno is not (Errno.None or Errno.ENOENT) && left <= TimeSpan.Zero)
                {
                    KernelException cause = new(errno, "rmdir", path);
                    throw pids.Count == 0 ? cause : new ContainerException($"processes are still in it: {List(pids)}", cause);
                }
            }
        }

        foreach (string parent in State.MadeParents)
        {
            Directories.TryRemove(Fd.CurrentDirectory, parent);
        }
    }

    static Errno TryRemoveTree(string hierarchy, string path, Errno before, TimeSpan left, out List<int> pids)
    {
        pids = [];
        using CgroupDirectory? directory = CgroupDirectory.TryOpen(hierarchy, path);
        if (directory is null)
        {
            return Errno.ENOENT;
        }

        if (before is not (Errno.EBUSY or Errno.ENOTEMPTY))
        {
            // Read-only or forbidden: waiting does not help.
            throw new KernelException(before, "rmdir", path);
        }

        if (directory.IsUnified && left > TimeSpan.Zero)
        {
            EventsFile.WaitFor(directory, "populated 0", left, removed: true);
        }

        CgroupTree.TryRemoveBelow(directory.Handle);
        Errno errno = Directories.TryRemove(Fd.CurrentDirectory, path);
        if (errno is Errno.None or Errno.ENOENT)
        {
            return errno;
        }

        pids = PidsBelow(directory);
        // Version 1 has no event for the last process's end.
        Thread.Sleep(left > TimeSpan.Zero ? 1 : 0);
        return errno;
    }

    void KillEach(TimeSpan deadline)
    {
        long start = Stopwatch.GetTimestamp();
        // Between the list and the signals new processes may appear: frozen ones make none. Where freezing fails, repeating does.
        while (Pids(recursive: true) is { Count: > 0 } && Stopwatch.GetElapsedTime(start) < deadline)
        {
            try
            {
                Freeze(TimeSpan.FromMilliseconds(200));
            }
            catch (Exception failure) when (failure is ContainerException or UserError or KernelException)
            {
                // A freezer that is missing or held up makes the loop longer and not wrong.
            }

            foreach (int pid in Pids(recursive: true))
            {
                if (PidFd.TryOpen(pid, out Fd? process) == Errno.None)
                {
                    using (process)
                    {
                        PidFd.TrySignal(process!, SIGKILL);
                    }
                }
            }

            Thaw();
            ThawLegacy();
            Thread.Sleep(1);
        }
    }

    void ThawLegacy()
    {
        if (_directories.Find(static one => !one.IsUnified && Hierarchy.Has(one.Hierarchy, "freezer")) is { } freezer)
        {
            CgroupTree.Visit(freezer.Handle, static directory => FileText.TryWrite(directory, "freezer.state", "THAWED"));
        }
    }
}
