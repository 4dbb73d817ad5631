using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>
/// /proc/stat: CPU lines of the container's own time, a start that fits its /proc/uptime, its running tasks; interrupts, switches
/// and forks are the machine's since the container was created.
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
        StatFacts facts = new()
        {
            Cpus = CpuReading.ReadWithUsage(from),
            Age = age,
            Start = from.View.StartedAt / Nanoseconds,
            Running = Math.Max(1, running),
            Baseline = from.Baseline,
        };
        Render(from.Text.Bytes, facts, content);
    }

    /// <param name="host">The host's text.</param>
    public static void Render(ReadOnlySpan<byte> host, in StatFacts facts, ContentBuffer content)
    {
        CpuShare cpus = facts.Cpus;
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
                    AppendCpus(cpus, facts.Age, content);
                    hasCpus = true;
                }
            }
            else if (name.SequenceEqual("intr"u8))
            {
                // The sum alone: of each interrupt there may be thousands, and they are the machine's.
                Append(content, name, words.NextNumber() - facts.Baseline.Interrupts);
            }
            else if (name.SequenceEqual("ctxt"u8))
            {
                Append(content, name, words.NextNumber() - facts.Baseline.Switches);
            }
            else if (name.SequenceEqual("btime"u8))
            {
                Append(content, name, words.NextNumber() + facts.Start);
            }
            else if (name.SequenceEqual("processes"u8))
            {
                Append(content, name, words.NextNumber() - facts.Baseline.Forks);
            }
            else if (name.SequenceEqual("procs_running"u8))
            {
                Append(content, name, facts.Running);
            }
            else if (name.SequenceEqual("procs_blocked"u8))
            {
                Append(content, name, 0);
            }
            else
            {
                content.Append(line).Append((byte)'\n');
            }
        }
    }

    static void Append(ContentBuffer content, ReadOnlySpan<byte> name, long value) =>
        content.Append(name).Append((byte)' ').Append(Math.Max(0, value)).Append((byte)'\n');

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
