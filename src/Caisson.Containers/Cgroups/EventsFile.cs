using System.Diagnostics;
using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Cgroups;

/// <summary>cgroup.events of version 2: the kernel wakes poll(2) when one of its values changes.</summary>
static class EventsFile
{
    /// <summary>Blocks until the file has the line, such as <c>populated 0</c>. False after the deadline.</summary>
    /// <param name="directory">Of version 2.</param>
    /// <param name="line">Key and value.</param>
    /// <param name="deadline">How long to wait at most.</param>
    /// <param name="removed">The answer when the cgroup no longer exists.</param>
    public static bool WaitFor(CgroupDirectory directory, string line, TimeSpan deadline, bool removed)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Errno errno = OpenAt2.TryOpen(
                directory.Handle, "cgroup.events", OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? file);
            if (errno is Errno.ENOENT or Errno.ENODEV)
            {
                return removed;
            }

            using Fd events = errno == Errno.None
                ? file!
                : throw new KernelException(errno, "open", $"{directory.Path}/cgroup.events");
            if (TryRead(events) is not { } text)
            {
                return removed;
            }

            if (text.Split('\n').Contains(line))
            {
                return true;
            }

            TimeSpan left = deadline - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            // A change after the read above is not lost: the open file remembers which state it was read in.
            pollfd one = new() { fd = events.Number, events = Poll.POLLPRI };
            Poll.Wait(new Span<pollfd>(ref one), (int)Math.Ceiling(left.TotalMilliseconds));
        }
    }

    static string? TryRead(Fd events)
    {
        try
        {
            return Encoding.UTF8.GetString(FileText.ReadBytes(events, "cgroup.events"));
        }
        catch (KernelException failure) when (failure.Errno == Errno.ENODEV)
        {
            return null;
        }
    }
}
