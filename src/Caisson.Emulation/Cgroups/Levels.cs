namespace Caisson.Emulation.Cgroups;

/// <summary>
/// The cgroups from the container's own, which is the empty path, down to the reader's. Bounded: a container may nest them as it
/// likes, and pays for each level that we read.
/// </summary>
ref struct Levels(ReadOnlySpan<byte> below)
{
    const int Most = 16;

    readonly ReadOnlySpan<byte> _below = below;
    int _length = -1;
    int _count;

    public readonly ReadOnlySpan<byte> Current => _below[.._length];

    public readonly Levels GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_length == _below.Length || _count++ == Most)
        {
            return false;
        }

        if (_length < 0)
        {
            _length = 0;
            return true;
        }

        int start = _length == 0 ? 0 : _length + 1;
        int slash = _below[start..].IndexOf((byte)'/');
        _length = slash < 0 ? _below.Length : start + slash;
        return true;
    }
}
