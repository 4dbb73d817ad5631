using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Caisson.Containers.Monitoring;

/// <summary>What a monitor is told of its container; ids and paths are the host's, those to be covered the container's.</summary>
public sealed record ViewDescription
{
    public required string Id { get; init; }

    public required uint RootUid { get; init; }

    public required uint RootGid { get; init; }

    /// <summary>When its own clock since boot began, on the host's CLOCK_BOOTTIME, in nanoseconds.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Absolute directories of the container's cgroup by hierarchy name.</summary>
    public required IReadOnlyDictionary<string, string> Cgroups { get; init; }

    /// <summary>Of /proc and /sys, to be repeated where they are mounted anew inside.</summary>
    public required IReadOnlyList<string> MaskedPaths { get; init; }

    public required IReadOnlyList<string> ReadOnlyPaths { get; init; }

    /// <summary>As strings one after the other, each with its length: the memory is a file, and no name is forbidden in a path.</summary>
    public void Write(Span<byte> memory)
    {
        List<string> words =
        [
            Id, Number(RootUid), Number(RootGid), Number(StartedAt),
            Number(Cgroups.Count), .. Cgroups.SelectMany(one => new[] { one.Key, one.Value }),
            Number(MaskedPaths.Count), .. MaskedPaths,
            Number(ReadOnlyPaths.Count), .. ReadOnlyPaths,
        ];
        foreach (string word in words)
        {
            int length = Encoding.UTF8.GetByteCount(word);
            if (length > ushort.MaxValue || memory.Length < length + sizeof(ushort))
            {
                throw new UserError("the description of the container is too long for its monitor", "shorten maskedPaths, readonlyPaths or cgroupsPath");
            }

            BinaryPrimitives.WriteUInt16LittleEndian(memory, (ushort)length);
            Encoding.UTF8.GetBytes(word, memory[sizeof(ushort)..]);
            memory = memory[(sizeof(ushort) + length)..];
        }
    }

    public static ViewDescription Read(ReadOnlySpan<byte> memory)
    {
        Words words = new(memory);
        string id = words.Next();
        uint uid = (uint)words.NextNumber();
        uint gid = (uint)words.NextNumber();
        long started = words.NextNumber();
        Dictionary<string, string> cgroups = [];
        for (long i = words.NextNumber(); i > 0; i--)
        {
            string name = words.Next();
            cgroups[name] = words.Next();
        }

        return new ViewDescription
        {
            Id = id,
            RootUid = uid,
            RootGid = gid,
            StartedAt = started,
            Cgroups = cgroups,
            MaskedPaths = words.NextList(),
            ReadOnlyPaths = words.NextList(),
        };
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    ref struct Words(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> _rest = rest;

        public string Next()
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
            string word = Encoding.UTF8.GetString(_rest.Slice(sizeof(ushort), length));
            _rest = _rest[(sizeof(ushort) + length)..];
            return word;
        }

        public long NextNumber() => long.Parse(Next(), CultureInfo.InvariantCulture);

        public List<string> NextList()
        {
            List<string> list = [];
            for (long i = NextNumber(); i > 0; i--)
            {
                list.Add(Next());
            }

            return list;
        }
    }
}
