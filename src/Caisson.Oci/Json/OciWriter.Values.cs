using System.Runtime.CompilerServices;

namespace Caisson.Oci;

// Never inlined: two hundred members call these, and a copy in each would be the larger part of the records' code.
public sealed partial class OciWriter
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Text(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Flag(ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } given)
        {
            _json.WriteBoolean(name, given);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Number(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } given)
        {
            _json.WriteNumber(name, given);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Number(ReadOnlySpan<byte> name, ulong? value)
    {
        if (value is { } given)
        {
            _json.WriteNumber(name, given);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Share(ReadOnlySpan<byte> name, double value) => _json.WriteNumber(name, value);

    /// <summary>As Go's omitempty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void NonZero(ReadOnlySpan<byte> name, ulong value)
    {
        if (value != 0)
        {
            _json.WriteNumber(name, value);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Raw(ReadOnlySpan<byte> name, RawJson? value)
    {
        if (value is { } given)
        {
            _json.WritePropertyName(name);
            _json.WriteRawValue(given.Utf8.Span);
        }
    }
}
