using System.Numerics;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Sources;

/// <summary>A set of CPU numbers, used again and again. More CPUs than Linux can have are not taken in.</summary>
sealed class CpuSet
{
    /// <summary>NR_CPUS is at most this.</summary>
    public const int Most = 8192;

    readonly ulong[] _words = new ulong[Most / 64];

    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    public void Clear() => Array.Clear(_words);

    public bool Contains(int cpu) => (uint)cpu < Most && (_words[cpu / 64] & (1UL << (cpu % 64))) != 0;

    public void Add(int cpu)
    {
        if ((uint)cpu < Most)
        {
            _words[cpu / 64] |= 1UL << (cpu % 64);
        }
    }

    /// <summary>Takes in a list such as "0-3,8" (cpuset(7), list format); what is no such list ends it.</summary>
    public void Parse(ReadOnlySpan<byte> list)
    {
        Clear();
        while (Number.Parse(list, out long first) is int length and > 0)
        {
            list = list[length..];
            long last = first;
            if (list.StartsWith((byte)'-'))
            {
                length = Number.Parse(list[1..], out last);
                list = list[(1 + length)..];
            }

            for (long cpu = first; cpu <= Math.Min(last, Most - 1); cpu++)
            {
                Add((int)cpu);
            }

            if (!list.StartsWith((byte)','))
            {
                return;
            }

            list = list[1..];
        }
    }

    public void IntersectWith(CpuSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            _words[i] &= other._words[i];
        }
    }

    public bool Overlaps(CpuSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & other._words[i]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    public void CopyTo(CpuSet other) => _words.CopyTo(other._words, 0);

    /// <summary>The number after <paramref name="cpu"/> that is in the set; -1 after the last.</summary>
    public int Next(int cpu)
    {
        for (int i = cpu + 1; i < Most; i++)
        {
            if (_words[i / 64] == 0)
            {
                i |= 63;
            }
            else if (Contains(i))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>In list format, without a line end.</summary>
    public void AppendList(ContentBuffer content)
    {
        ReadOnlySpan<byte> separator = default;
        for (int first = Next(-1); first >= 0;)
        {
            int last = first;
            while (Contains(last + 1))
            {
                last++;
            }

            content.Append(separator).Append(first);
            if (last > first)
            {
                content.Append((byte)'-').Append(last);
            }

            separator = ","u8;
            first = Next(last);
        }
    }
}
