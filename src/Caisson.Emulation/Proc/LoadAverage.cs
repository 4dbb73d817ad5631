using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/loadavg, of the container as a whole; see <see cref="LoadHistory"/> for what its loads are.</summary>
static class LoadAverage
{
    public static void Read(Viewpoint from, ContentBuffer content)
    {
        LoadAverages loads = from.Load.Update(from.Age, CpuReading.TotalOf(from));
        long threads = ThreadsOf(from);
        Render(loads, threads, LastPidOf(from, threads), content);
    }

    /// <summary>How many threads the container has.</summary>
    public static long ThreadsOf(Viewpoint from)
    {
        if (from.Cgroups.Pids is { } pids && from.TryReadNumber(pids, default, CgroupFile.PidsCurrent, out long count))
        {
            return Math.Max(1, count);
        }

        // "0.00 0.00 0.00 1/84 14555": the host's.
        ReadOnlySpan<byte> text = from.Host.TryRead(HostFile.LoadAverage, from.Control) ? from.Control.Bytes : default;
        return Math.Max(1, Number.ParseOr(1, text[(text.IndexOf((byte)'/') + 1)..]));
    }

    public static void Render(in LoadAverages loads, long threads, long lastPid, ContentBuffer content)
    {
        Append(content, loads.Load1);
        Append(content, loads.Load5);
        Append(content, loads.Load15);
        // The reader runs.
        content.Append(Math.Clamp(loads.Running, 1, threads)).Append((byte)'/').Append(threads)
            .Append((byte)' ').Append(lastPid).Append((byte)'\n');
    }

    // The reader's own: the last one of its pid namespace, where it was started to read.
    static long LastPidOf(Viewpoint from, long otherwise) =>
        from.Pid > 0 && from.Host.TryReadOf(from.Pid, "status"u8, from.Control) ? InnermostPid(from.Control.Bytes, otherwise) : otherwise;

    /// <summary>The last number of "NSpid:\t1234\t56" (proc_pid_status(5)).</summary>
    public static long InnermostPid(ReadOnlySpan<byte> status, long otherwise)
    {
        foreach (ReadOnlySpan<byte> line in new Lines(status))
        {
            if (line.StartsWith("NSpid:"u8))
            {
                return Number.ParseOr(otherwise, line[(line.LastIndexOfAny((byte)'\t', (byte)' ') + 1)..]);
            }
        }

        return otherwise;
    }

    // With two decimals, rounded as the kernel does (LOAD_INT and LOAD_FRAC after adding half of a hundredth).
    static void Append(ContentBuffer content, long load)
    {
        long hundredths = ((load * 100) + (LoadHistory.Scale / 2)) / LoadHistory.Scale;
        content.Append(hundredths / 100).Append((byte)'.')
            .Append((byte)('0' + (hundredths / 10 % 10))).Append((byte)('0' + (hundredths % 10))).Append((byte)' ');
    }
}
