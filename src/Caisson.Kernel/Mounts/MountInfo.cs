using System.Text;

namespace Caisson.Kernel.Mounts;

/// <summary>One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)), with its octal escapes undone.</summary>
/// <param name="Id">The mount's id, as statx(2) tells it.</param>
/// <param name="ParentId">The id of the mount it is attached to.</param>
/// <param name="Device">major:minor of the superblock.</param>
/// <param name="Root">The directory of the file system that is the mount's root.</param>
/// <param name="Target">Where it is attached, seen from the reader's root.</param>
/// <param name="Options">Per-mount options.</param>
/// <param name="Propagation">The optional fields: shared:N, master:N, unbindable.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">What the file system calls its source.</param>
/// <param name="SuperOptions">Options of the superblock, still escaped: their own separators may be escaped within.</param>
public sealed record MountInfo(
    ulong Id,
    ulong ParentId,
    string Device,
    string Root,
    string Target,
    string Options,
    string Propagation,
    string Type,
    string Source,
    string SuperOptions)
{
    /// <summary>Finds one mount without making objects of all the others. Null where the id is not listed.</summary>
    public static MountInfo? Find(ReadOnlySpan<byte> mountInfo, ulong id)
    {
        Span<byte> prefix = stackalloc byte[24];
        id.TryFormat(prefix, out int length);
        prefix[length++] = (byte)' ';
        foreach (Range line in mountInfo.Split((byte)'\n'))
        {
            if (mountInfo[line].StartsWith(prefix[..length]))
            {
                return Parse(mountInfo[line]);
            }
        }

        return null;
    }

    public static IReadOnlyList<MountInfo> ParseAll(ReadOnlySpan<byte> mountInfo)
    {
        List<MountInfo> mounts = [];
        foreach (Range line in mountInfo.Split((byte)'\n'))
        {
            if (Parse(mountInfo[line]) is { } mount)
            {
                mounts.Add(mount);
            }
        }

        return mounts;
    }

    /// <summary>Null for an empty line or one that does not have the form.</summary>
    public static MountInfo? Parse(ReadOnlySpan<byte> line)
    {
        string[] fields = Encoding.UTF8.GetString(line).Split(' ');
        int separator = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (separator < 0 || fields.Length < separator + 4
            || !ulong.TryParse(fields[0], out ulong id) || !ulong.TryParse(fields[1], out ulong parent))
        {
            return null;
        }

        return new MountInfo(
            id,
            parent,
            fields[2],
            Unescape(fields[3]),
            Unescape(fields[4]),
            fields[5],
            string.Join(' ', fields[6..separator]),
            Unescape(fields[separator + 1]),
            Unescape(fields[separator + 2]),
            fields[separator + 3]);
    }

    /// <summary>Undoes the kernel's mangling: a backslash and three octal digits stand for one byte.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int to = 0;
        for (int from = 0; from < bytes.Length; from++, to++)
        {
            if (bytes[from] == '\\' && from + 3 < bytes.Length
                && IsOctal(bytes[from + 1]) && IsOctal(bytes[from + 2]) && IsOctal(bytes[from + 3]))
            {
                bytes[to] = (byte)(((bytes[from + 1] - '0') << 6) | ((bytes[from + 2] - '0') << 3) | (bytes[from + 3] - '0'));
                from += 3;
            }
            else
            {
                bytes[to] = bytes[from];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, to);
    }

    static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
