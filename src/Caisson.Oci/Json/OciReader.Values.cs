using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Caisson.Oci;

// Each reads the value that the reader stands at. Ranges are those of the types, as in the table of SpecShape.
[SuppressMessage("Naming", "CA1720", Justification = "A number's range is that of the type.")]
public ref partial struct OciReader
{
    /// <summary>Empty for null: Go's strings know no difference.</summary>
    public string Text() => TextOrNull() ?? "";

    public string? TextOrNull() => IsNull() ? null : Is(JsonTokenType.String) ? String() : throw Unfit();

    public bool Flag() => Is(JsonTokenType.True) || (Is(JsonTokenType.False) ? false : throw Unfit());

    public bool? FlagOrNull() => IsNull() ? null : Flag();

    public int Int32() => IsNumber() && _json.TryGetInt32(out int value) ? value : throw Unfit();

    public int? Int32OrNull() => IsNull() ? null : Int32();

    public long Int64() => IsNumber() && _json.TryGetInt64(out long value) ? value : throw Unfit();

    public long? Int64OrNull() => IsNull() ? null : Int64();

    public ushort UInt16() => IsNumber() && _json.TryGetUInt16(out ushort value) ? value : throw Unfit();

    public ushort? UInt16OrNull() => IsNull() ? null : UInt16();

    public uint UInt32() => IsNumber() && _json.TryGetUInt32(out uint value) ? value : throw Unfit();

    public uint? UInt32OrNull() => IsNull() ? null : UInt32();

    public ulong UInt64() => IsNumber() && _json.TryGetUInt64(out ulong value) ? value : throw Unfit();

    public ulong? UInt64OrNull() => IsNull() ? null : UInt64();

    /// <summary>The value's bytes: a copy, as it outlives the document.</summary>
    public RawJson? Raw()
    {
        if (IsNull())
        {
            return null;
        }

        int start = (int)_json.TokenStartIndex;
        _isUnread = true;
        Leave();
        return new RawJson(_utf8[start..(int)_json.BytesConsumed].ToArray());
    }

    /// <summary>Whether an array follows, whose elements <see cref="NextElement"/> gives; false for null.</summary>
    public bool EntersList() => !IsNull() && (Is(JsonTokenType.StartArray) ? true : throw Unfit());

    /// <summary>Whether an object follows, whose members <see cref="Next"/> gives; false for null.</summary>
    public bool EntersObject() => !IsNull() && (Is(JsonTokenType.StartObject) ? true : throw Unfit());

    bool IsNull() => _json.TokenType == JsonTokenType.Null && Is(JsonTokenType.Null);

    bool IsNumber() => Is(JsonTokenType.Number);

    bool Is(JsonTokenType kind)
    {
        _isUnread = false;
        return _json.TokenType == kind;
    }
}
