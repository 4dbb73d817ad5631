using System.Globalization;
using Caisson.Kernel.Files;

namespace Caisson.Emulation.Syscalls;

/// <summary>Whom a caller's new files belong to, in the host's numbers, and which owners its user namespace knows.</summary>
/// <param name="Uid">Its file-system user id.</param>
/// <param name="Gid">Its file-system group id.</param>
/// <param name="Umask">Permissions that its new files never have.</param>
/// <param name="UidMap">/proc/PID/uid_map.</param>
/// <param name="GidMap">/proc/PID/gid_map.</param>
public sealed record CallerIds(uint Uid, uint Gid, uint Umask, string UidMap, string GidMap)
{
    /// <summary>Null where the caller is gone.</summary>
    public static CallerIds? TryRead(Tracee tracee)
    {
        string status = tracee.ReadText("status");
        return uint.TryParse(Word(status, "Uid:", 3), out uint uid)
            && uint.TryParse(Word(status, "Gid:", 3), out uint gid)
            && TryParseOctal(Word(status, "Umask:", 0), out uint umask)
                ? new CallerIds(uid, gid, umask, tracee.ReadText("uid_map"), tracee.ReadText("gid_map"))
                : null;
    }

    /// <summary>Its real user id, for which the kernel counts what it has; null where the caller is gone.</summary>
    public static uint? TryReadUser(Tracee tracee) => uint.TryParse(Word(tracee.ReadText("status"), "Uid:", 0), out uint uid) ? uid : null;

    /// <summary>Whether the kernel would let the caller's capabilities override a file's permissions (capable_wrt_inode_uidgid).</summary>
    public bool Owns(in statx stat) => IsMapped(UidMap, stat.stx_uid) && IsMapped(GidMap, stat.stx_gid);

    // At the beginning of a line, as the first one is a name of the process's choice, whose line feeds are escaped.
    static ReadOnlySpan<char> Word(string status, string key, int index)
    {
        foreach (ReadOnlySpan<char> line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(key))
            {
                string[] words = line[key.Length..].ToString().Split('\t', StringSplitOptions.RemoveEmptyEntries);
                return index < words.Length ? words[index] : "";
            }
        }

        return "";
    }

    static bool TryParseOctal(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7' || value > 0xfff)
            {
                return false;
            }

            value = (value * 8) + (uint)(digit - '0');
        }

        return text.Length > 0;
    }

    static bool IsMapped(string map, uint id)
    {
        foreach (ReadOnlySpan<char> line in map.AsSpan().EnumerateLines())
        {
            string[] words = line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 3
                && uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint start)
                && uint.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
                && id >= start && id - start < count)
            {
                return true;
            }
        }

        return false;
    }
}
