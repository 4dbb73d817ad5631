using System.Text;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sysctl;

/// <summary>
/// Whether a directory above a file is mounted read-only where a process stands: inner engines do that to /proc/sys, and what
/// covers single files in it is another mount, of which they do not know. Only the kernel's list of the process's mounts is
/// read; no path of the process's is walked, on which it could let us wait.
/// </summary>
sealed class ReadOnlyPlaces(HostFiles host)
{
    const int MostMounts = 1024 * 1024;

    readonly TextBuffer _mounts = new(MostMounts);

    public bool Contain(int pid, string path) =>
        host.TryReadOf(pid, "mountinfo"u8, _mounts) && IsReadOnly(_mounts.Bytes, Encoding.UTF8.GetBytes(path));

    /// <summary>The longest mount point above the file decides; of several at one place, the last.</summary>
    public static bool IsReadOnly(ReadOnlySpan<byte> mountInfo, ReadOnlySpan<byte> path)
    {
        int longest = 0;
        bool isReadOnly = false;
        foreach (Range line in mountInfo.Split((byte)'\n'))
        {
            // id parent device root target options
            ReadOnlySpan<byte> rest = mountInfo[line];
            for (int i = 0; i < 4; i++)
            {
                rest = rest[(rest.IndexOf((byte)' ') + 1)..];
            }

            int end = Math.Max(0, rest.IndexOf((byte)' '));
            ReadOnlySpan<byte> target = rest[..end];
            if (target.Length >= longest && target.Length > 1 && path.Length > target.Length && path.StartsWith(target) && path[target.Length] == (byte)'/')
            {
                longest = target.Length;
                isReadOnly = rest[end..].StartsWith(" ro,"u8) || rest[end..].StartsWith(" ro "u8);
            }
        }

        return isReadOnly;
    }
}
