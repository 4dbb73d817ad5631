using System.Text;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>One of a few words, with or without a line end.</summary>
sealed class WordForm(params string[] words) : IValueForm
{
    public string Description => string.Join(", ", words);

    public Errno Apply(ReadOnlySpan<byte> old, long offset, ReadOnlySpan<byte> data, ContentBuffer value, out bool isNew)
    {
        isNew = false;
        if (offset > 0 || data.IsEmpty)
        {
            return Errno.None;
        }

        ReadOnlySpan<byte> written = data.EndsWith((byte)'\n') ? data[..^1] : data;
        foreach (string word in words)
        {
            if (Ascii.Equals(written, word))
            {
                value.Append(written);
                isNew = true;
                return Errno.None;
            }
        }

        return Errno.EINVAL;
    }
}
