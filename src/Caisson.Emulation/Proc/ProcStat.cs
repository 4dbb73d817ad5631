using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>
/// /proc/stat: CPU lines of the container's own time, a start that fits its /proc/uptime, its running tasks; the counters of
/// interrupts, switches and forks remain the machine's.
/// </summary>
static class ProcStat
{
    // USER_HZ is 100 on every architecture that we know.
    const long Tick = 10_000_000;
    const long Nanoseconds = 1_000_000_000;

    public static void Read(Viewpoint from, ContentBuffer content)
    {
        from.Host.TryRead(HostFile.Stat, from.Text);
        long age = from.Age;
        int running = from.Load.Update(age, CpuReading.TotalOf(from)).Running;
        CpuShare cpus = CpuReading.ReadWithUsage(from);
        Render(from.Text.Bytes, cpus, age, from.View.StartedAt / Nanoseconds, Math.Max(1, running), content);
    }

    /// <param name="host">The host's text.</param>
    /// <param name="age">Of the container, in nanoseconds.</param>
    /// <param name="start">When the container was created, in seconds after the host's start.</param>
    /// <param name="running">At least one: the reader.</param>
    public static void Render(ReadOnlySpan<byte> host, CpuShare cpus, long age, long start, int running, ContentBuffer content)
    {
        bool hasCpus = false;
        foreach (ReadOnlySpan<byte> line in new Lines(host))
        {
            Words words = new(line);
            ReadOnlySpan<byte> name = words.Next();
            // Without a cgroup's times those of the machine are better than none.
            if (name.StartsWith("cpu"u8) && (cpus.Usage.IsKnown || !cpus.IsWhole))
            {
                if (!hasCpus)
                {
                    AppendCpus(cpus, age, content);
                    hasCpus = true;
                }
            }
            else if (name.SequenceEqual("intr"u8))
            {
                // The sum alone: of each interrupt there may be thousands, and they are the machine's.
                content.Append("intr "u8).Append(words.NextNumber()).Append((byte)'\n');
            }
            else if (name.SequenceEqual("btime"u8))
            {
                content.Append("btime "u8).Append(words.NextNumber() + start).Append((byte)'\n');
            }
            else if (name.SequenceEqual("procs_running"u8))
            {
                content.Append("procs_running "u8).Append(running).Append((byte)'\n');
            }
            else if (name.SequenceEqual("procs_blocked"u8))
            {
                content.Append("procs_blocked 0\n"u8);
            }
            else
            {
                content.Append(line).Append((byte)'\n');
            }
        }
    }

    static void AppendCpus(CpuShare cpus, long age, ContentBuffer content)
    {
        long user = 0;
        long system = 0;
        long idle = 0;
        int cpu = -1;
        for (int i = 0; i < cpus.Count && (cpu = cpus.Allowed.Next(cpu)) >= 0; i++)
        {
            (long onUser, long onSystem) = cpus.TimeOn(cpu);
            user += onUser / Tick;
            system += onSystem / Tick;
            idle += IdleOf(age, onUser, onSystem);
        }

        AppendCpu(content.Append("cpu "u8), user, system, idle);
        cpu = -1;
        for (int i = 0; i < cpus.Count && (cpu = cpus.Allowed.Next(cpu)) >= 0; i++)
        {
            (long onUser, long onSystem) = cpus.TimeOn(cpu);
            AppendCpu(
                content.Append("cpu"u8).Append(cpus.IsWhole ? cpu : i), onUser / Tick, onSystem / Tick, IdleOf(age, onUser, onSystem));
        }
    }

    static long IdleOf(long age, long user, long system) => Math.Max(0, (age / Tick) - (user / Tick) - (system / Tick));

    // user, nice, system, idle; the time of waiting, interrupts, other guests and guests is not known of a cgroup.
    static void AppendCpu(ContentBuffer content, long user, long system, long idle) => content.Append((byte)' ').Append(user)
        .Append(" 0 "u8).Append(system).Append((byte)' ').Append(idle).Append(" 0 0 0 0 0 0\n"u8);
}
