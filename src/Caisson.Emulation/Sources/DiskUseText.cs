using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sources;

/// <summary>Finds devices in io.stat, and in blkio.throttle.io_serviced and io_service_bytes of version 1.</summary>
static class DiskUseText
{
    /// <param name="device">"254:0".</param>
    /// <param name="text">Lines such as "254:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0".</param>
    public static DiskUse Find2(ReadOnlySpan<byte> device, ReadOnlySpan<byte> text)
    {
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            Words words = new(line);
            if (!words.Next().SequenceEqual(device))
            {
                continue;
            }

            DiskUse use = default;
            for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
            {
                int equal = Math.Max(0, word.IndexOf((byte)'='));
                long value = Number.ParseOr(0, word[Math.Min(equal + 1, word.Length)..]);
                use = word[..equal] switch
                {
                    [(byte)'r', (byte)'b', ..] => use with { ReadBytes = value },
                    [(byte)'w', (byte)'b', ..] => use with { WriteBytes = value },
                    [(byte)'r', (byte)'i', ..] => use with { Reads = value },
                    [(byte)'w', (byte)'i', ..] => use with { Writes = value },
                    [(byte)'d', (byte)'b', ..] => use with { DiscardBytes = value },
                    [(byte)'d', (byte)'i', ..] => use with { Discards = value },
                    _ => use,
                };
            }

            return use;
        }

        return default;
    }

    /// <param name="device">"254:0".</param>
    /// <param name="text">Lines such as "254:0 Read 4096", of operations or of bytes.</param>
    public static (long Read, long Write, long Discard) Find1(ReadOnlySpan<byte> device, ReadOnlySpan<byte> text)
    {
        (long Read, long Write, long Discard) found = default;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            Words words = new(line);
            if (!words.Next().SequenceEqual(device))
            {
                continue;
            }

            ReadOnlySpan<byte> kind = words.Next();
            long value = words.NextNumber();
            if (kind.SequenceEqual("Read"u8))
            {
                found.Read = value;
            }
            else if (kind.SequenceEqual("Write"u8))
            {
                found.Write = value;
            }
            else if (kind.SequenceEqual("Discard"u8))
            {
                found.Discard = value;
            }
        }

        return found;
    }
}
