using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>
/// A file of sysfs that lists words and marks one: "always [madvise] never". The words are the host's, and so is the choice
/// until the container makes its own.
/// </summary>
sealed class ChoiceFile(string path, ValueStore values, HostFiles host) : IReadable, IWritable
{
    readonly TextBuffer _text = new(4096, 128);

    public Errno Read(Caller caller, ContentBuffer content)
    {
        bool isChosen = values.TryRead(path, out ReadOnlySpan<byte> chosen);
        Words words = new(HostText());
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            ReadOnlySpan<byte> bare = Bare(word);
            content.Append(content.Length > 0 ? " "u8 : default);
            if (isChosen ? bare.SequenceEqual(chosen) : bare.Length < word.Length)
            {
                content.Append((byte)'[').Append(bare).Append((byte)']');
            }
            else
            {
                content.Append(bare);
            }
        }

        content.Append((byte)'\n');
        return Errno.None;
    }

    public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> written = data.EndsWith((byte)'\n') ? data[..^1] : data;
        Words words = new(HostText());
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            if (Bare(word).SequenceEqual(written))
            {
                return values.TryWrite(path, written) ? Errno.None : Errno.ENOMEM;
            }
        }

        return Errno.EINVAL;
    }

    ReadOnlySpan<byte> HostText() => host.TryRead(path, _text) ? _text.Bytes.TrimEnd((byte)'\n') : default;

    static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> word) => word is [(byte)'[', .., (byte)']'] ? word[1..^1] : word;
}
