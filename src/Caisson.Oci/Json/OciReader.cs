using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Caisson.Oci;

/// <summary>
/// A document on its way into records. What does not fit ends in a <see cref="JsonException"/> without an explanation:
/// for config.json and its kin <see cref="SpecShape"/> gives one. Written by hand because the framework's serializer
/// costs each command milliseconds and megabytes before it has read the first byte.
/// </summary>
/// <remarks>
/// Of members set twice the last one counts, names are compared as they are, unknown members are skipped. null is an
/// absent member where the record knows one, and never an element. Nesting ends at the 64 levels of Utf8JsonReader.
/// </remarks>
public ref partial struct OciReader
{
    /// <summary>No record has a member with a longer name.</summary>
    public const int LongestName = 32;

    readonly ReadOnlySpan<byte> _utf8;
    readonly Span<char> _name;
    Utf8JsonReader _json;
    bool _isUnread;

    /// <param name="utf8">The whole document.</param>
    /// <param name="name">Room for <see cref="LongestName"/> characters.</param>
    public OciReader(ReadOnlySpan<byte> utf8, Span<char> name)
    {
        _utf8 = utf8;
        _name = name;
        _json = new Utf8JsonReader(utf8);
        _json.Read();
        _isUnread = true;
    }

    /// <summary>
    /// Goes to the value of the object's next member; if it is not read, the next call skips it. The name is empty
    /// where it is longer than any a record has, or not ASCII.
    /// </summary>
    public bool Next(out ReadOnlySpan<char> name)
    {
        name = default;
        if (!NextMember())
        {
            return false;
        }

        name = Name();
        _json.Read();
        return true;
    }

    /// <summary>Goes to the next element of the array.</summary>
    public bool NextElement()
    {
        Leave();
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.EndArray => _isUnread = false,
            JsonTokenType.Null => throw Unfit(),
            _ => _isUnread = true,
        };
    }

    /// <summary>The end of the document: nothing but white space may follow.</summary>
    public void End()
    {
        Leave();
        _json.Read();
    }

    bool NextMember()
    {
        Leave();
        _json.Read();
        return _isUnread = _json.TokenType == JsonTokenType.PropertyName;
    }

    void Leave()
    {
        if (_isUnread)
        {
            _json.Skip();
            _isUnread = false;
        }
    }

    ReadOnlySpan<char> Name()
    {
        if (_json.ValueIsEscaped)
        {
            return String();
        }

        return Ascii.ToUtf16(_json.ValueSpan, _name, out int length) == OperationStatus.Done ? _name[..length] : default;
    }

    // The reader checks escapes and UTF-8 only when it makes the text.
    readonly string String()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException failure)
        {
            throw new JsonException("not valid UTF-8", failure);
        }
    }

    static JsonException Unfit() => new("a value of another kind");
}
