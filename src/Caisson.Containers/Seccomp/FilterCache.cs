using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Seccomp;

/// <summary>
/// Compiled filters in a directory of our own, such as /run/caisson/seccomp. It only ever saves time: whatever is
/// wrong with the directory or a file, the filter is compiled anew. Whoever could write there could choose the
/// filters of containers, so nothing is read that another user owns or may write.
/// </summary>
public sealed class FilterCache(string path)
{
    /// <summary>Beyond it the oldest go. Engines use one or two profiles; a filter of Docker's takes some 20 kB.</summary>
    public const int MaxEntries = 64;

    const int MaxFileSize = 16 * 1024 * 1024;

    /// <summary>The filter for a profile, cached or compiled; null where the profile says nothing.</summary>
    /// <param name="profile">The JSON as it stands in config.json; its bytes are the key.</param>
    /// <param name="isolation">Selects what <see cref="SystemProfile"/> adds.</param>
    /// <param name="compile">Called where there is nothing fit in the cache.</param>
    public SeccompFilter? Get(ReadOnlySpan<byte> profile, Isolation isolation, Func<SeccompFilter?> compile)
    {
        FilterKey key = FilterKey.Of(profile, isolation);
        if (TryLoad(key) is { } cached)
        {
            return cached;
        }

        SeccompFilter? filter = compile();
        if (filter is not null)
        {
            Store(key, filter);
        }

        return filter;
    }

    SeccompFilter? TryLoad(FilterKey key)
    {
        try
        {
            using Fd? directory = OpenDirectory();
            // O_NONBLOCK: a FIFO must not make us wait.
            if (directory is null || OpenAt2.TryOpen(
                directory, key.FileName, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK,
                ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS, 0, out Fd? opened) != Errno.None)
            {
                return null;
            }

            using Fd file = opened!;
            return IsOurs(Stat.Of(file), FileKind.Regular)
                ? FilterCacheFile.Parse(FileText.ReadBytes(file, key.FileName, MaxFileSize), key)
                : null;
        }
        catch (KernelException)
        {
            return null;
        }
    }

    void Store(FilterKey key, SeccompFilter filter)
    {
        try
        {
            Directories.MakeAll(path, 0x1c0 /* 0700 */);
            using Fd? directory = OpenDirectory();
            if (directory is not null)
            {
                FileText.Replace(directory, key.FileName, FilterCacheFile.Render(key, filter));
                RemoveOldest(directory);
            }
        }
        catch (KernelException)
        {
            // Among others: another process stored the same filter and renamed the file that we share with it.
        }
    }

    Fd? OpenDirectory()
    {
        const OpenFlags flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;
        if (OpenAt2.TryOpen(Fd.CurrentDirectory, path, flags, ResolveFlags.None, 0, out Fd? directory) != Errno.None)
        {
            return null;
        }

        if (IsOurs(Stat.Of(directory!), FileKind.Directory))
        {
            return directory;
        }

        directory!.Dispose();
        return null;
    }

    // The owner of /proc/self is our effective user id: 0, but for rootless containers.
    static bool IsOurs(statx found, FileKind kind) =>
        found.Kind == kind
            && (found.Permissions & 0x3f /* 0077 */) == 0
            && Stat.TryOf(Fd.CurrentDirectory, "/proc/self", out statx self) == Errno.None
            && found.stx_uid == self.stx_uid;

    static void RemoveOldest(Fd directory)
    {
        List<string> names = Directories.List(directory);
        if (names.Count <= MaxEntries)
        {
            return;
        }

        List<(long Seconds, uint Nanoseconds, string Name)> entries = [];
        foreach (string name in names)
        {
            if (Stat.TryOfLink(directory, name, out statx entry) == Errno.None)
            {
                entries.Add((entry.stx_mtime.tv_sec, entry.stx_mtime.tv_nsec, name));
            }
        }

        entries.Sort();
        foreach ((_, _, string name) in entries.Take(entries.Count - MaxEntries))
        {
            Directories.TryUnlink(directory, name);
        }
    }
}
