using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>
/// A text of limited length (proc_dostring): ends at the first NUL or line end; what is too long is cut; a write at an offset
/// goes on from there, unless that lies behind the end.
/// </summary>
sealed class TextForm(int longest) : IValueForm
{
    public string Description => $"text of at most {longest} bytes";

    public Errno Apply(ReadOnlySpan<byte> old, long offset, ReadOnlySpan<byte> data, ContentBuffer value, out bool isNew)
    {
        isNew = !data.IsEmpty && offset <= old.Length;
        if (!isNew)
        {
            return Errno.None;
        }

        int end = data.IndexOfAny((byte)0, (byte)'\n');
        ReadOnlySpan<byte> text = end < 0 ? data : data[..end];
        value.Append(old[..(int)offset]).Append(text[..Math.Min(text.Length, longest - (int)offset)]);
        return Errno.None;
    }
}
