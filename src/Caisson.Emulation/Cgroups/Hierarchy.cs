using System.Text;
using Caisson.Emulation.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Emulation.Cgroups;

/// <summary>
/// The container's cgroup in one hierarchy, and what is below it. Files of the container's own cgroup are kept open; those
/// below, whose names the container chooses, are opened for each reading, beneath the descriptor and through no link.
/// </summary>
sealed class Hierarchy
{
    const int LongestPath = 4096;
    const ResolveFlags Beneath = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS
        | ResolveFlags.RESOLVE_NO_MAGICLINKS | ResolveFlags.RESOLVE_NO_XDEV;

    readonly Fd _directory;
    readonly byte[] _path;
    readonly Fd?[] _kept = new Fd?[Enum.GetValues<CgroupFile>().Length];

    Hierarchy(string name, string directory, Fd opened)
    {
        Name = Encoding.UTF8.GetBytes(name);
        _path = Encoding.UTF8.GetBytes(directory.TrimEnd('/'));
        _directory = opened;
    }

    /// <summary>As /proc/PID/cgroup spells it; empty for version 2.</summary>
    public byte[] Name { get; }

    public bool IsVersion2 => Name.Length == 0;

    /// <summary>Null where the directory cannot be opened: then nothing is known of it.</summary>
    public static Hierarchy? TryOpen(string name, string directory)
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, directory, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? opened);
        return errno == Errno.None ? new Hierarchy(name, directory, opened!) : null;
    }

    /// <summary>Where a process stands below the container; empty for the container itself.</summary>
    public ReadOnlySpan<byte> Below(ReadOnlySpan<byte> membership) => Membership.Below(_path, Membership.PathIn(membership, Name));

    /// <summary>A file of the container's own cgroup.</summary>
    public bool TryRead(CgroupFile file, TextBuffer text)
    {
        Fd? kept = _kept[(int)file] ?? Keep(file);
        return kept is not null && text.TryRead(kept);
    }

    /// <summary>A file of a cgroup below.</summary>
    public Errno TryOpen(ReadOnlySpan<byte> below, CgroupFile file, out Fd? opened)
    {
        ReadOnlySpan<byte> name = CgroupFileNames.Of(file);
        if (below.Length + 1 + name.Length > LongestPath)
        {
            opened = null;
            return Errno.ENAMETOOLONG;
        }

        Span<byte> path = stackalloc byte[LongestPath];
        below.CopyTo(path);
        path[below.Length] = (byte)'/';
        name.CopyTo(path[(below.Length + 1)..]);
        return SmallFile.TryOpen(_directory, path[..(below.Length + 1 + name.Length)], Beneath, out opened);
    }

    // What is not there is asked for again next time: a controller may be enabled later.
    Fd? Keep(CgroupFile file)
    {
        string name = Encoding.UTF8.GetString(CgroupFileNames.Of(file)[..^1]);
        if (OpenAt2.TryOpen(_directory, name, OpenFlags.O_RDONLY, Beneath, 0, out Fd? opened) != Errno.None)
        {
            return null;
        }

        // Two threads read: the slower one's descriptor is not needed.
        Fd? earlier = Interlocked.CompareExchange(ref _kept[(int)file], opened, null);
        if (earlier is not null)
        {
            opened!.Dispose();
        }

        return earlier ?? opened;
    }
}
