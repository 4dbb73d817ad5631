using System.Runtime.CompilerServices;

namespace Caisson.Oci;

public sealed partial class OciWriter
{
    public void Texts(ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return;
        }

        BeginList(name);
        for (int i = 0; i < values.Count; i++)
        {
            _json.WriteStringValue(values[i]);
        }

        EndList();
    }

    public void TextMap(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string>? values)
    {
        if (values is null)
        {
            return;
        }

        BeginObject(name);
        foreach ((string key, string value) in values)
        {
            _json.WriteString(key, value);
        }

        EndObject();
    }

    internal void Numbers(ReadOnlySpan<byte> name, ulong[]? values)
    {
        if (values is null)
        {
            return;
        }

        BeginList(name);
        foreach (ulong value in values)
        {
            _json.WriteNumberValue(value);
        }

        EndList();
    }

    internal void Numbers(ReadOnlySpan<byte> name, uint[]? values) =>
        Numbers(name, values is null ? null : Array.ConvertAll(values, value => (ulong)value));

    internal void Numbers(ReadOnlySpan<byte> name, ushort[]? values) =>
        Numbers(name, values is null ? null : Array.ConvertAll(values, value => (ulong)value));

    internal void NumberMap(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, ulong>? values)
    {
        if (values is null)
        {
            return;
        }

        BeginObject(name);
        foreach ((string key, ulong value) in values)
        {
            _json.WriteNumber(key, value);
        }

        EndObject();
    }

    /// <summary>Without a name: the whole document, or an element.</summary>
    internal void Object(IWritable value)
    {
        BeginObject();
        value.Write(this);
        EndObject();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Object(ReadOnlySpan<byte> name, IWritable? value)
    {
        if (value is not null)
        {
            BeginObject(name);
            value.Write(this);
            EndObject();
        }
    }

    /// <summary>Without a name: the whole document.</summary>
    internal void List(IWritable[] values)
    {
        BeginList();
        Elements(values);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void List(ReadOnlySpan<byte> name, IWritable[]? values)
    {
        if (values is not null)
        {
            BeginList(name);
            Elements(values);
        }
    }

    internal void ListOrNull(ReadOnlySpan<byte> name, IWritable[]? values)
    {
        if (values is null)
        {
            _json.WriteNull(name);
        }

        List(name, values);
    }

    internal void Map<T>(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, T>? values)
        where T : class, IWritable
    {
        if (values is null)
        {
            return;
        }

        BeginObject(name);
        foreach ((string key, T value) in values)
        {
            _json.WritePropertyName(key);
            Object(value);
        }

        EndObject();
    }

    void Elements(IWritable[] values)
    {
        foreach (IWritable value in values)
        {
            Object(value);
        }

        EndList();
    }
}
