using System.Text;

namespace Caisson.Containers.Checkpoint;

/// <summary>What is asked of CRIU, and what a message of it is about (enum criu_req_type of its rpc.proto).</summary>
public enum CriuTask
{
    Dump = 1,
    Restore = 2,
    PreDump = 4,
    Notify = 6,
    FeatureCheck = 9,
    Version = 10,
}

/// <summary>A message of CRIU (criu_resp of its rpc.proto): an answer, or a step that it has come to and waits at.</summary>
public sealed record CriuAnswer
{
    public CriuTask Task { get; private init; }

    public bool Success { get; private init; }

    /// <summary>The step's name where <see cref="Task"/> is Notify, such as post-restore.</summary>
    public string Step { get; private init; } = "";

    /// <summary>The restored container's first process, as the host counts; 0 where the message is not about it.</summary>
    public int Pid { get; private init; }

    /// <summary>cr_errno: of a failure; 0 where CRIU gives none.</summary>
    public int ErrorNumber { get; private init; }

    /// <summary>Major * 10000 + minor * 100 + sublevel.</summary>
    public int Version { get; private init; }

    /// <summary>Of a check of features: written memory can be told from other.</summary>
    public bool HasMemoryTracking { get; private init; }

    /// <summary>Of a check of features: memory can be filled when it is touched.</summary>
    public bool HasLazyPages { get; private init; }

    /// <exception cref="ContainerException">It is no protobuf message.</exception>
    public static CriuAnswer Parse(ReadOnlySpan<byte> message)
    {
        CriuAnswer answer = new();
        ProtoReader reader = new(message);
        while (reader.Next(out int field))
        {
            answer = field switch
            {
                1 => answer with { Task = (CriuTask)(int)reader.Number },
                2 => answer with { Success = reader.Number != 0 },
                4 => answer with { Pid = (int)NumberOf(reader.Bytes, 1) },
                5 => answer with { Step = TextOf(reader.Bytes, 1), Pid = (int)NumberOf(reader.Bytes, 2) },
                7 => answer with { ErrorNumber = (int)reader.Number },
                8 => answer with { HasMemoryTracking = NumberOf(reader.Bytes, 1) != 0, HasLazyPages = NumberOf(reader.Bytes, 2) != 0 },
                10 => answer with { Version = VersionOf(reader.Bytes) },
                _ => answer,
            };
        }

        return answer;
    }

    // A build of a commit after a release counts as the next release (gitid, field 3), as runc counts.
    static int VersionOf(ReadOnlySpan<byte> message)
    {
        int release = ((int)NumberOf(message, 1) * 10000) + ((int)NumberOf(message, 2) * 100);
        return TextOf(message, 3).Length > 0 ? release + 100 : release + (int)NumberOf(message, 4);
    }

    static ulong NumberOf(ReadOnlySpan<byte> message, int wanted)
    {
        ulong value = 0;
        ProtoReader reader = new(message);
        while (reader.Next(out int field))
        {
            value = field == wanted ? reader.Number : value;
        }

        return value;
    }

    static string TextOf(ReadOnlySpan<byte> message, int wanted)
    {
        string value = "";
        ProtoReader reader = new(message);
        while (reader.Next(out int field))
        {
            value = field == wanted ? Encoding.UTF8.GetString(reader.Bytes) : value;
        }

        return value;
    }
}
