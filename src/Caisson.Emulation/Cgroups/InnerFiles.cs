using Caisson.Emulation.Text;
using Caisson.Kernel;

namespace Caisson.Emulation.Cgroups;

/// <summary>
/// Control files of cgroups below the container's that were read lately, kept open: opening one costs several times as much as
/// reading it. A file of a cgroup that was removed cannot be read any more (ENODEV), and is then opened anew. One thread's own.
/// </summary>
sealed class InnerFiles
{
    const int Most = 48;

    readonly Entry[] _entries = new Entry[Most];
    int _next;

    public bool TryRead(Hierarchy hierarchy, ReadOnlySpan<byte> below, CgroupFile file, TextBuffer text)
    {
        foreach (ref Entry entry in _entries.AsSpan())
        {
            if (entry.File == file && entry.Hierarchy == hierarchy && below.SequenceEqual(entry.Below))
            {
                if (text.TryRead(entry.Opened!))
                {
                    return true;
                }

                entry.Opened!.Dispose();
                entry = default;
                break;
            }
        }

        if (hierarchy.TryOpen(below, file, out Fd? opened) != Errno.None)
        {
            return false;
        }

        ref Entry oldest = ref _entries[_next];
        _next = (_next + 1) % Most;
        oldest.Opened?.Dispose();
        oldest = new Entry(hierarchy, below.ToArray(), file, opened!);
        return text.TryRead(opened!);
    }

    readonly record struct Entry(Hierarchy? Hierarchy, byte[]? Below, CgroupFile File, Fd? Opened);
}
