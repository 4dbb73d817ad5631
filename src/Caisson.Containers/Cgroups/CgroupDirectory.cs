using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

/// <summary>The container's directory in one hierarchy, kept open: control files are reached by short relative paths.</summary>
sealed class CgroupDirectory(string hierarchy, string path, Fd handle) : IDisposable
{
    public string Hierarchy { get; } = hierarchy;

    public string Path { get; } = path;

    public Fd Handle { get; } = handle;

    public bool IsUnified => Hierarchy.Length == 0;

    /// <summary>Null where the directory does not exist.</summary>
    public static CgroupDirectory? TryOpen(string hierarchy, string path)
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? handle);
        return errno switch
        {
            Errno.None => new CgroupDirectory(hierarchy, path, handle!),
            Errno.ENOENT => null,
            _ => throw new KernelException(errno, "open", path),
        };
    }

    /// <summary>Null where there is no such file or the cgroup has been removed.</summary>
    public string? TryRead(string file)
    {
        Errno errno = OpenAt2.TryOpen(Handle, file, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? opened);
        if (errno is Errno.ENOENT or Errno.ENODEV)
        {
            return null;
        }

        using Fd reading = errno == Errno.None ? opened! : throw new KernelException(errno, "open", $"{Path}/{file}");
        try
        {
            return System.Text.Encoding.UTF8.GetString(FileText.ReadBytes(reading, $"{Path}/{file}"));
        }
        catch (KernelException failure) when (failure.Errno is Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            return null;
        }
    }

    public void Write(string file, string value)
    {
        Errno errno = FileText.TryWrite(Handle, file, value);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, $"write \"{value}\" to", $"{Path}/{file}");
        }
    }

    public void Dispose() => Handle.Dispose();
}
