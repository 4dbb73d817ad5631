using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Caisson.Oci;

/// <summary>
/// Reads and writes the documents of the specification. A document that cannot be read ends in a
/// <see cref="SpecException"/> with every problem of its form; whether its content makes sense is the question
/// of <see cref="SpecValidator"/>.
/// </summary>
public static partial class OciJson
{
    /// <summary>Reads config.json.</summary>
    public static Spec ParseSpec(ReadOnlySpan<byte> utf8) =>
        Parse(utf8, OciJsonContext.Default.Spec, OciDocument.Spec);

    /// <summary>Reads the argument of <c>exec --process</c>.</summary>
    public static ProcessSpec ParseProcess(ReadOnlySpan<byte> utf8) =>
        Parse(utf8, OciJsonContext.Default.ProcessSpec, OciDocument.Process);

    /// <summary>Reads the argument of <c>update --resources</c>.</summary>
    public static LinuxResources ParseResources(ReadOnlySpan<byte> utf8) =>
        Parse(utf8, OciJsonContext.Default.LinuxResources, OciDocument.Resources);

    /// <summary>Reads a profile that stands on its own.</summary>
    public static LinuxSeccomp ParseSeccomp(ReadOnlySpan<byte> utf8) =>
        Parse(utf8, OciJsonContext.Default.LinuxSeccomp, OciDocument.Seccomp);

    /// <summary>Reads <see cref="Linux.Seccomp"/>; problems point into config.json.</summary>
    public static LinuxSeccomp ParseSeccomp(JsonElement raw) =>
        Parse(JsonMarshal.GetRawUtf8Value(raw), OciJsonContext.Default.LinuxSeccomp, OciDocument.Seccomp,
            "/linux/seccomp");

    /// <summary>Reads a state as <c>state</c> prints it and hooks are given it.</summary>
    public static OciState ParseState(ReadOnlySpan<byte> utf8) =>
        Parse(utf8, OciJsonContext.Default.OciState, OciDocument.State);

    static T Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, OciDocument document, string at = "")
        where T : class
    {
        try
        {
            T? value = JsonSerializer.Deserialize(utf8, type);
            if (value is not null && !MayHoldNull(utf8))
            {
                return value;
            }

            IReadOnlyList<Problem> problems = SpecShape.Check(utf8, document, at);
            return value is not null && problems.Count == 0 ? value : throw new SpecException(problems);
        }
        catch (JsonException e)
        {
            IReadOnlyList<Problem> problems = SpecShape.Check(utf8, document, at);
            throw new SpecException(problems.Count > 0 ? problems : [Unexplained(e, at)]);
        }
    }

    /// <summary>
    /// The serializer accepts null as an element of an array or as the value of a map, where the records promise
    /// none. Looking for the literal costs microseconds; only a document that may hold one is walked.
    /// </summary>
    static bool MayHoldNull(ReadOnlySpan<byte> utf8)
    {
        for (int at = utf8.IndexOf("null"u8); at >= 0; at = utf8.IndexOf("null"u8))
        {
            ReadOnlySpan<byte> before = utf8[..at].TrimEnd(" \t\r\n"u8);
            if (before.IsEmpty || before[^1] is (byte)'[' or (byte)',' or (byte)':')
            {
                return true;
            }

            utf8 = utf8[(at + "null"u8.Length)..];
        }

        return false;
    }

    static Problem Unexplained(JsonException e, string at)
    {
        string pointer = (e.Path ?? "$").TrimStart('$').Replace('.', '/').Replace('[', '/').Replace("]", "");
        return new Problem(at + pointer, "cannot be read", "see config.md of the runtime-spec for its form");
    }
}
