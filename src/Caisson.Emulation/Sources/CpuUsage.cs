using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sources;

/// <summary>The CPU time that a cgroup used, in nanoseconds; version 1 also tells on which CPU.</summary>
sealed class CpuUsage
{
    long[] _user = [];
    long[] _system = [];

    public long User { get; private set; }

    public long System { get; private set; }

    public bool IsPerCpu { get; private set; }

    /// <summary>False where no cgroup tells.</summary>
    public bool IsKnown { get; private set; }

    public long UserOn(int cpu) => cpu < _user.Length ? _user[cpu] : 0;

    public long SystemOn(int cpu) => cpu < _system.Length ? _system[cpu] : 0;

    public void Clear()
    {
        Array.Clear(_user);
        Array.Clear(_system);
        User = 0;
        System = 0;
        IsPerCpu = false;
        IsKnown = false;
    }

    /// <summary>cpuacct.usage_all: a heading, then CPU, user and system of each.</summary>
    public void ParseVersion1(ReadOnlySpan<byte> text)
    {
        Clear();
        IsPerCpu = true;
        IsKnown = true;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            Words words = new(line);
            ReadOnlySpan<byte> first = words.Next();
            if (Number.Parse(first, out long cpu) != first.Length || first.IsEmpty || cpu >= CpuSet.Most)
            {
                continue;
            }

            if (cpu >= _user.Length)
            {
                Array.Resize(ref _user, (int)cpu + 1);
                Array.Resize(ref _system, (int)cpu + 1);
            }

            _user[cpu] = words.NextNumber();
            _system[cpu] = words.NextNumber();
            User = Sum(User, _user[cpu]);
            System = Sum(System, _system[cpu]);
        }
    }

    /// <summary>cpu.stat: user_usec and system_usec.</summary>
    public void ParseVersion2(ReadOnlySpan<byte> text)
    {
        Clear();
        IsKnown = true;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            Words words = new(line);
            ReadOnlySpan<byte> name = words.Next();
            long nanoseconds = Math.Min(words.NextNumber(), long.MaxValue / 1000) * 1000;
            if (name.SequenceEqual("user_usec"u8))
            {
                User = nanoseconds;
            }
            else if (name.SequenceEqual("system_usec"u8))
            {
                System = nanoseconds;
            }
        }
    }

    static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
