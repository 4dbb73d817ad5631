using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Caisson.Oci;

// The relaxed encoder leaves +, ' and non-ASCII letters in paths as they are; the output is JSON for programs and
// people, never part of a page of HTML. Each document is indented as runc does it, without a line feed at the end.
public static partial class OciJson
{
    /// <summary>config.json, by tabs.</summary>
    public static byte[] Write(Spec spec) => Write(spec, OciJsonContext.Default.Spec, 1, '\t');

    /// <summary>On one line.</summary>
    public static byte[] Write(ProcessSpec process) => Write(process, OciJsonContext.Default.ProcessSpec);

    /// <summary>On one line.</summary>
    public static byte[] Write(LinuxResources resources) => Write(resources, OciJsonContext.Default.LinuxResources);

    /// <summary>On one line, as hooks and seccomp agents are given it.</summary>
    public static byte[] Write(OciState state) => Write(state, OciJsonContext.Default.OciState);

    /// <summary>The answer of <c>state</c>, by two spaces.</summary>
    public static byte[] Write(ContainerListEntry entry) =>
        Write(entry, OciJsonContext.Default.ContainerListEntry, 2);

    /// <summary>The answer of <c>list --format json</c>, on one line.</summary>
    public static byte[] Write(ContainerListEntry[] entries) =>
        Write(entries, OciJsonContext.Default.ContainerListEntryArray);

    /// <summary>The answer of <c>features</c>, by four spaces.</summary>
    public static byte[] Write(Features features) => Write(features, OciJsonContext.Default.Features, 4);

    /// <summary>One line of <c>events</c>.</summary>
    public static byte[] Write(RuntimeEvent runtimeEvent) => Write(runtimeEvent, OciJsonContext.Default.RuntimeEvent);

    static byte[] Write<T>(T value, JsonTypeInfo<T> type, int indent = 0, char indentBy = ' ')
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        var options = new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Indented = indent > 0,
            IndentSize = indent,
            IndentCharacter = indentBy,
            NewLine = "\n",
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
