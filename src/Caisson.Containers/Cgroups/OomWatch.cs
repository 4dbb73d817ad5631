using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Cgroups;

/// <summary>Tells when the kernel killed a process for want of memory. Blocking: for a thread or a command of its own.</summary>
public static class OomWatch
{
    /// <summary>
    /// One element for each time, with the count so far; ends with the container, or at once where no memory controller is.
    /// </summary>
    /// <param name="cgroup">Must not be disposed of while the watch lasts.</param>
    public static IEnumerable<ulong> Watch(Cgroup cgroup) =>
        cgroup.Mode == CgroupMode.Unified ? WatchUnified(cgroup) : WatchLegacy(cgroup);

    // memory.events notifies poll(2); cgroup.events tells of the end.
    static IEnumerable<ulong> WatchUnified(Cgroup cgroup)
    {
        ulong before = Kills(cgroup.TryRead("memory", "memory.events"));
        while (true)
        {
            // Opened anew each time: an open file notifies of changes since it was read.
            using Fd? memory = cgroup.TryOpenFile("memory", "memory.events");
            using Fd? events = cgroup.TryOpenFile("memory", "cgroup.events");
            if (memory is null || events is null)
            {
                yield break;
            }

            ulong now = Kills(Text(memory));
            if (now > before)
            {
                yield return now;
            }

            before = now;
            if (Text(events) is not { } state || state.Contains("populated 0", StringComparison.Ordinal))
            {
                yield break;
            }

            Wait(memory, events);
        }
    }

    // The kernel raises an eventfd that was registered with memory.oom_control, also when the cgroup is removed.
    static IEnumerable<ulong> WatchLegacy(Cgroup cgroup)
    {
        using Fd? control = cgroup.TryOpenFile("memory", "memory.oom_control");
        if (control is null)
        {
            yield break;
        }

        using Fd counter = EventFd.Open();
        cgroup.Write("memory", "cgroup.event_control", $"{counter.Number} {control.Number}");
        ulong events = 0;
        while (true)
        {
            events += EventFd.Read(counter);
            if (cgroup.TryRead("memory", "memory.oom_control") is not { } text)
            {
                yield break;
            }

            // The event says that a limit was met; with oom_kill_disable nothing died, which runc reports, too.
            yield return Math.Max(events, Kills(text));
        }
    }

    static ulong Kills(string? text) => ControlText.Table(text).GetValueOrDefault("oom_kill");

    static string? Text(Fd file)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(FileText.ReadBytes(file, "memory.events"));
        }
        catch (KernelException failure) when (failure.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    static void Wait(Fd memory, Fd events)
    {
        Span<pollfd> both =
        [
            new pollfd { fd = memory.Number, events = Poll.POLLPRI },
            new pollfd { fd = events.Number, events = Poll.POLLPRI },
        ];
        Poll.Wait(both, -1);
    }
}
