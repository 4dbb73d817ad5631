using System.Text.Json;

namespace Caisson.Oci;

/// <summary>
/// Reads and writes the documents of the specification. A document that cannot be read ends in a
/// <see cref="SpecException"/> with every problem of its form; whether its content makes sense is the question
/// of <see cref="SpecValidator"/>.
/// </summary>
public static partial class OciJson
{
    /// <summary>Reads config.json.</summary>
    public static Spec ParseSpec(ReadOnlySpan<byte> utf8) => Parse<Spec>(utf8, OciDocument.Spec);

    /// <summary>Reads the argument of <c>exec --process</c>.</summary>
    public static ProcessSpec ParseProcess(ReadOnlySpan<byte> utf8) => Parse<ProcessSpec>(utf8, OciDocument.Process);

    /// <summary>Reads the argument of <c>update --resources</c>.</summary>
    public static LinuxResources ParseResources(ReadOnlySpan<byte> utf8) =>
        Parse<LinuxResources>(utf8, OciDocument.Resources);

    /// <summary>Reads a profile that stands on its own.</summary>
    public static LinuxSeccomp ParseSeccomp(ReadOnlySpan<byte> utf8) => Parse<LinuxSeccomp>(utf8, OciDocument.Seccomp);

    /// <summary>Reads <see cref="Linux.Seccomp"/>; problems point into config.json.</summary>
    public static LinuxSeccomp ParseSeccomp(RawJson raw) =>
        Parse<LinuxSeccomp>(raw.Utf8.Span, OciDocument.Seccomp, "/linux/seccomp");

    /// <summary>Reads a state as <c>state</c> prints it and hooks are given it.</summary>
    public static OciState ParseState(ReadOnlySpan<byte> utf8) => Parse<OciState>(utf8, OciDocument.State);

    static T Parse<T>(ReadOnlySpan<byte> utf8, OciDocument document, string at = "")
        where T : class, IReadable<T>
    {
        try
        {
            var json = new OciReader(utf8, stackalloc char[OciReader.LongestName]);
            T value = json.Object<T>() ?? throw new JsonException("null");
            json.End();
            return value;
        }
        catch (JsonException)
        {
            IReadOnlyList<Problem> problems = SpecShape.Check(utf8, document, at);
            throw new SpecException(problems.Count > 0 ? problems : [Unexplained(at)]);
        }
    }

    // A test holds that the table refuses whatever the records do.
    static Problem Unexplained(string at) =>
        new(at, "cannot be read", "see config.md of the runtime-spec for its form");
}
