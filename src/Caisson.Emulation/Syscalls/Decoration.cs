using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
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
/// <param name="thread">Whose root the calling thread keeps.</param>
/// <param name="files">Mount namespace whose root holds the files.</param>
/// <param name="names">What they are called.</param>
/// <param name="masks">Masked and read-only paths.</param>
public sealed class Decoration(ThreadRoot thread, Fd files, IReadOnlyList<string> names, PathMasks masks)
{
    const uint MNT_DETACH = 2;
    const uint UMOUNT_NOFOLLOW = 8;
    const string NullFile = ".null";
    const string ProcPrefix = "proc!";
    const string SysPrefix = "sys!";

    /// <summary>What masked files are covered with.</summary>
    public static FuseFile Null { get; } = new(NullFile, 0x1B6 /* 0666 */, new Nothing());

    readonly CoverPlan _proc = CoverPlan.For(isProc: true, Paths(names, ProcPrefix), masks);
    readonly CoverPlan _sys = CoverPlan.For(isProc: false, Paths(names, SysPrefix), masks);
    readonly Dictionary<string, Fd> _opened = [];

    // Copies of files that the last mounts had no place for: to make and to close one costs as much as to mount it.
    readonly Dictionary<string, Fd> _spare = [];

    /// <summary>For the thread that will call the rest: opens all files, and stays in their mount namespace.</summary>
    public void Settle()
    {
        thread.Keep();
        using Fd root = thread.JoinAndOpenRoot(files, "the place of the emulated files");
        foreach (string name in (IEnumerable<string>)[.. names, NullFile])
        {
            _opened.Add(name, OpenAt2.Open(root, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW));
        }
    }

    /// <summary>Goes back into the mount namespace of the emulated files, where they can be copied.</summary>
    public void Leave() => thread.Join(files, "the place of the emulated files");

    /// <summary>To be called there: copies for one mount.</summary>
    public Copies Copy(bool isProc)
    {
        (CoverPlan plan, string prefix) = isProc ? (_proc, ProcPrefix) : (_sys, SysPrefix);
        return new Copies(
            plan,
            [.. plan.Files.Select(file => Take(FlatTree.NameOf(file.Path, prefix), file.IsReadOnly))],
            [.. plan.Masked.Select(_ => Clone(NullFile, isReadOnly: false))],
            (path, copy) => _spare.Add(FlatTree.NameOf(path, prefix), copy));
    }

    /// <summary>Whether a file or mask of ours lies on another device than the procfs or sysfs around it.</summary>
    public bool IsDecorated(Fd root, bool isProc)
    {
        const ResolveFlags strict = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS;
        Errno errno = OpenAt2.TryOpen(root, (isProc ? _proc : _sys).Witness, OpenFlags.O_PATH, strict, 0, out Fd? file);
        using (file)
        {
            return errno == Errno.None && !Stat.CachedOf(file!).IsOnSameDevice(Stat.CachedOf(root));
        }
    }

    /// <summary>
    /// Whether no emulated file has been taken away by the container. Where one has, it takes all of them one by one, as
    /// systemd does before it mounts another procfs, and would never come to an end if they came back.
    /// </summary>
    public bool IsWhole(Fd root, bool isProc) => !(isProc ? _proc : _sys).Files.Any(file => !IsOfNetwork(file) && FlatTree.IsBare(root, file.Path));

    // Each network namespace has its own, and shows what covers them to nobody else.
    static bool IsOfNetwork(CoveredFile file) => file.Path.StartsWith("sys/net/", StringComparison.Ordinal);

    static IEnumerable<string> Paths(IReadOnlyList<string> names, string prefix) =>
        names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => FlatTree.PathOf(name, prefix));

    Fd Take(string name, bool isReadOnly) => _spare.Remove(name, out Fd? copy) ? copy : Clone(name, isReadOnly);

    Fd Clone(string name, bool isReadOnly)
    {
        Fd copy = MountTree.Clone(_opened[name], recursive: false, name);
        if (isReadOnly)
        {
            MakeReadOnly(copy);
        }

        return copy;
    }

    /// <summary>
    /// Puts copies over what is below the root of a mount, as far as they do not lie there already. EINVAL, before anything is
    /// done: this kernel cannot mount on what is attached nowhere (before Linux 6.15).
    /// </summary>
    public static Errno TryApply(Fd root, Copies copies, bool isReadOnly)
    {
        copies.AreChanged |= isReadOnly;
        for (int i = 0; i < copies.Files.Length; i++)
        {
            if (copies.Files[i] is not { } file)
            {
                continue;
            }

            if (isReadOnly)
            {
                MakeReadOnly(file);
            }

            Errno errno = FlatTree.TryCover(root, copies.Plan.Files[i].Path, file, out bool isAttached);
            if (errno != Errno.None)
            {
                return errno;
            }

            if (isAttached)
            {
                file.Dispose();
                copies.Files[i] = null;
            }
        }

        for (int i = 0; i < copies.Masks.Count; i++)
        {
            Mask(root, copies.Plan.Masked[i], copies.Masks[i]);
        }

        foreach (string path in copies.Plan.ReadOnly)
        {
            MakeReadOnly(root, path);
        }

        return Errno.None;
    }

    /// <summary>
    /// Takes away what was put over a mount, in the opposite order; what others mounted there stays. What tells that a mount is
    /// covered goes last. Leaves the thread's working directory there. False where the kernel does not allow it.
    /// </summary>
    public static bool TryRemove(Fd root, CoverPlan plan)
    {
        WorkingDirectory.Change(root, "the mount");
        IEnumerable<string> paths = [.. plan.ReadOnly.Reverse(), .. plan.Masked.Reverse(), .. plan.Files.Select(file => file.Path)];
        foreach (string path in paths.Where(path => path != plan.Witness).Append(plan.Witness))
        {
            const ResolveFlags strict = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS;
            bool isCovered = OpenAt2.TryOpen(root, path, OpenFlags.O_PATH, strict, 0, out Fd? cover) == Errno.None && Stat.CachedOf(cover!).IsMountRoot;
            cover?.Dispose();
            if (isCovered && Mount.TryUnmount(path, MNT_DETACH | UMOUNT_NOFOLLOW) != Errno.None)
            {
                return false;
            }
        }

        return true;
    }

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
            MakeReadOnly(copy);
            MountTree.TryAttach(copy, target);
        }
    }

    static void MakeReadOnly(Fd copy) =>
        MountTree.TrySetAttributes(copy, MountAttributes.MOUNT_ATTR_RDONLY, 0, 0, null, recursive: true);

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
    /// <param name="Plan">Where they belong.</param>
    /// <param name="Files">One for each of the plan's; null once it is attached.</param>
    /// <param name="Masks">Likewise; a directory gets another cover.</param>
    /// <param name="Return">Takes a file back that was not attached.</param>
    public sealed record Copies(CoverPlan Plan, Fd?[] Files, List<Fd> Masks, Action<string, Fd> Return) : IDisposable
    {
        /// <summary>They are read-only and of no use to the next mount.</summary>
        public bool AreChanged { get; set; }

        public void Dispose()
        {
            for (int i = 0; i < Files.Length; i++)
            {
                if (Files[i] is { } file && !AreChanged)
                {
                    Return(Plan.Files[i].Path, file);
                }
                else
                {
                    Files[i]?.Dispose();
                }
            }

            Masks.ForEach(mask => mask.Dispose());
        }
    }
}
