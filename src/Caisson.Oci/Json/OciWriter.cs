using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Caisson.Oci;

/// <summary>
/// Records on their way into a document. Every method that takes a name writes a member of the object that was begun
/// last, and nothing where the value is null.
/// </summary>
/// <remarks>
/// The relaxed encoder leaves +, ' and non-ASCII letters in paths as they are; the output is JSON for programs and
/// people, never part of a page of HTML.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A writer into a buffer holds nothing to give back.")]
public sealed partial class OciWriter
{
    readonly ArrayBufferWriter<byte> _buffer = new(4096);
    readonly Utf8JsonWriter _json;

    /// <param name="indent">Of one level; 0 for a single line.</param>
    /// <param name="indentBy">A space or a tab.</param>
    public OciWriter(int indent = 0, char indentBy = ' ') => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = indent > 0,
        IndentSize = indent,
        IndentCharacter = indentBy,
        NewLine = "\n",
    });

    public void BeginObject() => _json.WriteStartObject();

    public void BeginObject(ReadOnlySpan<byte> name) => _json.WriteStartObject(name);

    public void EndObject() => _json.WriteEndObject();

    public void BeginList() => _json.WriteStartArray();

    public void BeginList(ReadOnlySpan<byte> name) => _json.WriteStartArray(name);

    public void EndList() => _json.WriteEndArray();

    /// <summary>The whole, without a line feed at the end.</summary>
    public byte[] ToBytes()
    {
        _json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }
}
