using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Emulation.Text;

/// <summary>The text of one file, read again and again into the same memory. What is longer than the limit is no text.</summary>
sealed class TextBuffer(int limit, int start = 512)
{
    byte[] _bytes = new byte[start];
    int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public bool TryRead(Fd file)
    {
        Errno errno;
        do
        {
            errno = SmallFile.TryRead(file, _bytes, out _length);
        }
        while (errno == Errno.None && IsCut());
        return IsWhole(errno);
    }

    /// <param name="path">Ends with a NUL.</param>
    public bool TryRead(Fd directory, ReadOnlySpan<byte> path, ResolveFlags resolve)
    {
        Errno errno;
        do
        {
            errno = SmallFile.TryRead(directory, path, resolve, _bytes, out _length);
        }
        while (errno == Errno.None && IsCut());
        return IsWhole(errno);
    }

    // A full buffer may not hold all: make it larger and read again, for the file may be another by now.
    bool IsCut()
    {
        if (_length < _bytes.Length || _bytes.Length > limit)
        {
            return false;
        }

        _bytes = new byte[Math.Min(_bytes.Length * 4, limit + 1)];
        return true;
    }

    bool IsWhole(Errno errno)
    {
        if (errno == Errno.None && _length <= limit)
        {
            return true;
        }

        _length = 0;
        return false;
    }
}
