using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// What lies over a procfs or sysfs of the container: emulated files, masked and read-only paths. Put there file by file, and
/// taken away again.
/// <para>
/// Nothing here may wait for the emulated files themselves, which another thread of this process serves: were the process
/// killed meanwhile, the waiting thread could not die before the next worker answers, and there is no next worker before it has
/// died. So each file is opened once, which keeps the kernel from asking for it again, and only what the kernel knows of it
/// is looked at.
/// </para>
/// </summary>
/// <param name="files">Mount namespace whose root holds the files.</param>
/// <param name="names">What they are called.</param>
/// <param name="masks">Masked and read-only paths.</param>
public sealed class Decoration(Fd files, IReadOnlyList<string> names, PathMasks masks)
{
    const string NullFile = ".null";

    /// <summary>What masked files are covered with.</summary>
    public static FuseFile Null { get; } = new(NullFile, 0x1B6 /* 0666 */, new Nothing());

    readonly List<(string Name, Fd File)> _opened = [];

    // The first thing of each kind: where it is covered, all is.
    static string Witness(bool isProc) => isProc ? "meminfo" : "devices/system/cpu/online";

    /// <summary>For the thread that will call the rest: opens all files, and stays at their place.</summary>
    public void Settle()
    {
        Leave();
        foreach (string name in (IEnumerable<string>)[.. names, NullFile])
        {
            _opened.Add((name, OpenAt2.Open(name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW)));
        }
    }

    /// <summary>Steps into the place of the emulated files, from where they can be copied; leaves the thread there.</summary>
    public void Leave() => Namespace.Join(files, NamespaceKind.CLONE_NEWNS, "the place of the emulated files");

    /// <summary>To be called there: copies for one mount.</summary>
    public Copies Copy(bool isProc)
    {
        (string top, string prefix) = isProc ? ("/proc/", "proc!") : ("/sys/", "sys!");
        Fd nothing = _opened[^1].File;
        return new Copies(
            [.. _opened.Where(file => file.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(file => (FlatTree.PathOf(file.Name, prefix), MountTree.Clone(file.File, recursive: false, file.Name)))],
            [.. Below(masks.Masked, top).Select(path => (path, MountTree.Clone(nothing, recursive: false, NullFile)))],
            [.. Below(masks.ReadOnly, top)]);
    }

    /// <summary>Whether a file that is emulated lies on another device than the procfs or sysfs around it.</summary>
    public static bool IsDecorated(Fd root, bool isProc)
    {
        Errno errno = OpenAt2.TryOpen(root, Witness(isProc), OpenFlags.O_PATH, ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS, 0, out Fd? file);
        using (file)
        {
            return errno == Errno.None && !Stat.CachedOf(file!).IsOnSameDevice(Stat.CachedOf(root));
        }
    }

    static IEnumerable<string> Below(IEnumerable<string> paths, string top) =>
        paths.Where(path => path.StartsWith(top, StringComparison.Ordinal)).Select(path => path[top.Length..]);

    /// <summary>
    /// Puts copies over what is below the root of a mount. EINVAL, before anything is done: this kernel cannot mount on what is
    /// attached nowhere (before Linux 6.15).
    /// </summary>
    public static Errno TryApply(Fd root, Copies copies, bool isReadOnly)
    {
        foreach ((string path, Fd file) in copies.Files)
        {
            if (isReadOnly)
            {
                MountTree.TrySetAttributes(file, MountAttributes.MOUNT_ATTR_RDONLY, 0, 0, null, recursive: false);
            }

            Errno errno = FlatTree.TryCover(root, path, file, IsNative);
            if (errno != Errno.None)
            {
                return errno;
            }
        }

        foreach ((string path, Fd empty) in copies.Masked)
        {
            Mask(root, path, empty);
        }

        foreach (string path in copies.ReadOnly)
        {
            MakeReadOnly(root, path);
        }

        return Errno.None;
    }

    /// <summary>
    /// Takes away what was put over a mount; what others mounted there stays. What tells that a mount is covered goes last, so
    /// that the next worker can go on where this one ended.
    /// </summary>
    public static void Remove(Fd root, Copies copies, bool isProc)
    {
        WorkingDirectory.Change(root, "the mount");
        string witness = Witness(isProc);
        IEnumerable<string> paths = [.. copies.Files.Select(file => file.Path), .. copies.Masked.Select(file => file.Path), .. copies.ReadOnly];
        foreach (string path in paths.Where(path => path != witness).Append(witness))
        {
            const ResolveFlags strict = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS;
            bool isCovered = OpenAt2.TryOpen(root, path, OpenFlags.O_PATH, strict, 0, out Fd? cover) == Errno.None && Stat.CachedOf(cover!).IsMountRoot;
            cover?.Dispose();
            if (isCovered)
            {
                Mount.Detach(path);
            }
        }
    }

    // What the kernel keeps for each namespace belongs to that namespace's root; the rest of /proc/sys to the host's.
    static bool IsNative(string path, statx stat) =>
        path.StartsWith("sys/", StringComparison.Ordinal) && EmulatedTree.IsNamespaced(stat.stx_uid, stat.stx_mode);

    static void Mask(Fd root, string path, Fd empty)
    {
        if (TryOpen(root, path) is not { } target)
        {
            return;
        }

        using (target)
        {
            if (!Stat.CachedOf(target).IsDirectory)
            {
                MountTree.TryAttach(empty, target);
                return;
            }

            using FsContext context = FsContext.Open("tmpfs");
            context.SetString("size", "4k");
            context.SetString("nr_inodes", "2");
            context.SetString("mode", "0755");
            using Fd cover = context.CreateMount(MountAttributes.MOUNT_ATTR_RDONLY | MountAttributes.MOUNT_ATTR_NOSUID
                | MountAttributes.MOUNT_ATTR_NODEV | MountAttributes.MOUNT_ATTR_NOEXEC);
            MountTree.TryAttach(cover, target);
        }
    }

    static void MakeReadOnly(Fd root, string path)
    {
        if (TryOpen(root, path) is not { } target)
        {
            return;
        }

        using (target)
        {
            using Fd copy = MountTree.Clone(target, recursive: true, path);
            MountTree.TrySetAttributes(copy, MountAttributes.MOUNT_ATTR_RDONLY, 0, 0, null, recursive: true);
            MountTree.TryAttach(copy, target);
        }
    }

    static Fd? TryOpen(Fd root, string path)
    {
        const ResolveFlags strict = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV;
        return OpenAt2.TryOpen(root, path, OpenFlags.O_PATH, strict, 0, out Fd? target) == Errno.None ? target : null;
    }

    sealed class Nothing : IReadable, IWritable
    {
        public Errno Read(Caller caller, ContentBuffer content) => Errno.None;

        public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => Errno.None;
    }

    /// <summary>Detached copies, each attached at most once.</summary>
    public sealed record Copies(List<(string Path, Fd File)> Files, List<(string Path, Fd File)> Masked, IReadOnlyList<string> ReadOnly) : IDisposable
    {
        public void Dispose()
        {
            Files.ForEach(file => file.File.Dispose());
            Masked.ForEach(file => file.File.Dispose());
        }
    }
}
