using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Caisson.Oci;

// null for null. One piece of code serves all records: they are classes, and arrays grow without List<T>, of which
// every instance has tables of its own in the binary.
public ref partial struct OciReader
{
    public string[]? Texts()
    {
        if (!EntersList())
        {
            return null;
        }

        var items = new string[8];
        int count = 0;
        while (NextElement())
        {
            Append(ref items, ref count, Text());
        }

        Array.Resize(ref items, count);
        return items;
    }

    public Dictionary<string, string>? TextMap()
    {
        if (!EntersObject())
        {
            return null;
        }

        Dictionary<string, string> map = [];
        while (NextEntry(out string? key))
        {
            map[key] = Text();
        }

        return map;
    }

    internal uint[]? UInt32s()
    {
        if (!EntersList())
        {
            return null;
        }

        uint[] items = new uint[8];
        int count = 0;
        while (NextElement())
        {
            Append(ref items, ref count, UInt32());
        }

        Array.Resize(ref items, count);
        return items;
    }

    internal T? Object<T>()
        where T : class, IReadable<T> => EntersObject() ? T.Read(ref this) : null;

    internal T[]? List<T>()
        where T : class, IReadable<T>
    {
        if (!EntersList())
        {
            return null;
        }

        var items = new T[8];
        int count = 0;
        while (NextElement())
        {
            Append(ref items, ref count, Object<T>()!);
        }

        Array.Resize(ref items, count);
        return items;
    }

    internal Dictionary<string, T>? Map<T>()
        where T : class, IReadable<T>
    {
        if (!EntersObject())
        {
            return null;
        }

        Dictionary<string, T> map = [];
        while (NextEntry(out string? key))
        {
            map[key] = Object<T>()!;
        }

        return map;
    }

    /// <summary>As <see cref="Next"/>, where the names are data; null is no value of a map.</summary>
    bool NextEntry([NotNullWhen(true)] out string? key)
    {
        key = null;
        if (!NextMember())
        {
            return false;
        }

        key = String();
        _json.Read();
        return _json.TokenType != JsonTokenType.Null ? true : throw Unfit();
    }

    static void Append<T>(ref T[] items, ref int count, T item)
    {
        if (count == items.Length)
        {
            Array.Resize(ref items, count * 2);
        }

        items[count++] = item;
    }
}
