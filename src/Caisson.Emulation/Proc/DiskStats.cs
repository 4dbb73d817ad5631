using System.Buffers.Text;
using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/diskstats: the devices that the container used, with what it did there.</summary>
static class DiskStats
{
    const int SectorSize = 512;

    public static void Read(Viewpoint from, ContentBuffer content)
    {
        if (from.Cgroups.Io is not { } io || !from.Host.TryRead(HostFile.DiskStats, from.Text))
        {
            return;
        }

        if (io.IsVersion2)
        {
            if (from.TryRead(io, default, CgroupFile.IoStat, from.Control))
            {
                Render(from.Text.Bytes, from.Control.Bytes, default, isVersion2: true, content);
            }
        }
        else if (from.TryRead(io, default, CgroupFile.IoOperations1, from.Control)
            && from.TryRead(io, default, CgroupFile.IoBytes1, from.Second))
        {
            Render(from.Text.Bytes, from.Control.Bytes, from.Second.Bytes, isVersion2: false, content);
        }
    }

    /// <param name="host">The host's text: its devices and their names.</param>
    /// <param name="use">io.stat, or the operations of version 1.</param>
    /// <param name="bytes">The bytes of version 1.</param>
    public static void Render(
        ReadOnlySpan<byte> host, ReadOnlySpan<byte> use, ReadOnlySpan<byte> bytes, bool isVersion2, ContentBuffer content)
    {
        Span<byte> device = stackalloc byte[48];
        foreach (ReadOnlySpan<byte> line in new Lines(host))
        {
            Words words = new(line);
            long major = words.NextNumber();
            long minor = words.NextNumber();
            ReadOnlySpan<byte> key = Key(device, major, minor);
            DiskUse found = isVersion2 ? DiskUseText.Find2(key, use) : Join(DiskUseText.Find1(key, use), DiskUseText.Find1(key, bytes));
            if (!found.IsNone)
            {
                Append(content, major, minor, words.Next(), found);
            }
        }
    }

    static DiskUse Join((long Read, long Write, long Discard) operations, (long Read, long Write, long Discard) bytes) =>
        new(operations.Read, bytes.Read, operations.Write, bytes.Write, operations.Discard, bytes.Discard);

    static ReadOnlySpan<byte> Key(Span<byte> buffer, long major, long minor)
    {
        Utf8Formatter.TryFormat(major, buffer, out int length);
        buffer[length++] = (byte)':';
        Utf8Formatter.TryFormat(minor, buffer[length..], out int more);
        return buffer[..(length + more)];
    }

    // Documentation/admin-guide/iostats.rst: no cgroup knows of merges, times and flushes.
    static void Append(ContentBuffer content, long major, long minor, ReadOnlySpan<byte> name, in DiskUse use) => content
        .Append(major, 4).Append((byte)' ').Append(minor, 7).Append((byte)' ').Append(name)
        .Append((byte)' ').Append(use.Reads).Append(" 0 "u8).Append(use.ReadBytes / SectorSize)
        .Append(" 0 "u8).Append(use.Writes).Append(" 0 "u8).Append(use.WriteBytes / SectorSize)
        .Append(" 0 0 0 0 "u8).Append(use.Discards).Append(" 0 "u8).Append(use.DiscardBytes / SectorSize).Append(" 0 0 0\n"u8);
}
