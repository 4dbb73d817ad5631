using System.Globalization;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// Where a caller stands: its mount, pid and network namespace, root and working directory, all by descriptor. The calling
/// thread can join the mount namespace, keeping its own root, and have the kernel resolve paths as it would for the caller: by
/// stepping to the caller's root for that one call, as openat2(2) alone can do so for absolute paths only (RESOLVE_IN_ROOT).
/// </summary>
public sealed class CallerPlace : IDisposable
{
    /// <summary>What mount(2) and umount2(2) ask for, and what the kernel resolves any path with.</summary>
    public static readonly ulong MayMount = Capabilities.Mask(["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH"]);

    readonly ThreadRoot _thread;
    readonly Fd _mounts;
    readonly Fd _network;
    readonly Fd _root;
    readonly Fd _workingDirectory;
    readonly Tracee _tracee;

    CallerPlace(ThreadRoot thread, Tracee tracee, Fd mounts, Fd network, Fd root, Fd workingDirectory)
    {
        _thread = thread;
        _tracee = tracee;
        _mounts = mounts;
        _network = network;
        _root = root;
        _workingDirectory = workingDirectory;
    }

    /// <summary>
    /// Null where the kernel is to decide alone: the caller is gone, or it is not the full root of the user namespace that its
    /// mounts belong to, or of one above (a runtime that sets up a container in here). For one that is, all that is done here the
    /// kernel would have let it do by itself.
    /// </summary>
    /// <param name="needed">Capabilities that make it the full root.</param>
    public static CallerPlace? TryOpen(ThreadRoot thread, Tracee tracee, ulong needed)
    {
        using Fd? user = tracee.Open("ns/user", OpenFlags.O_RDONLY);
        Fd? mounts = tracee.Open("ns/mnt", OpenFlags.O_RDONLY);
        Fd? network = tracee.Open("ns/net", OpenFlags.O_RDONLY);
        Fd? root = tracee.Open("root", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        Fd? working = tracee.Open("cwd", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (user is null || mounts is null || network is null || root is null || working is null
            || (CapabilitiesOf(tracee) & needed) != needed || !Namespace.IsOwnedBy(mounts, user, "the caller's mount namespace") || !tracee.IsStillThere)
        {
            mounts?.Dispose();
            network?.Dispose();
            root?.Dispose();
            working?.Dispose();
            return null;
        }

        return new CallerPlace(thread, tracee, mounts, network, root, working);
    }

    /// <summary>Its mount namespace.</summary>
    public Fd Mounts => _mounts;

    /// <summary>Whether a sysfs may be made: it shows the network namespace of whoever makes it.</summary>
    public bool OwnsNetwork
    {
        get
        {
            using Fd? user = _tracee.Open("ns/user", OpenFlags.O_RDONLY);
            return user is not null && IsOwner(user, _network) && _tracee.IsStillThere;
        }
    }

    /// <summary>A namespace of the caller's; null where it does not belong to the caller's user namespace.</summary>
    public Fd? OpenOwned(string name)
    {
        using Fd? user = _tracee.Open("ns/user", OpenFlags.O_RDONLY);
        Fd? opened = _tracee.Open($"ns/{name}", OpenFlags.O_RDONLY);
        if (user is not null && opened is not null && IsOwner(user, opened) && _tracee.IsStillThere)
        {
            return opened;
        }

        opened?.Dispose();
        return null;
    }

    /// <summary>
    /// Joins the caller's mount namespace, and its network namespace: below /proc/sys/net each has files of its own, and what
    /// lies over another one's is not seen.
    /// </summary>
    public void Enter()
    {
        _thread.Join(_mounts, "the caller's mount namespace");
        Namespace.Join(_network, NamespaceKind.CLONE_NEWNET, "the caller's network namespace");
    }

    /// <summary>
    /// What a path leads to. Runtimes name mount points by their own descriptors (/proc/self/fd/7), which for us would be another
    /// process's: those are taken from the caller.
    /// </summary>
    /// <param name="path">With its NUL.</param>
    /// <param name="followsLast">Also follow a link at its end.</param>
    /// <param name="directory">Where a relative path begins; null for the working directory.</param>
    public Fd? TryOpen(ReadOnlySpan<byte> path, bool followsLast = true, Fd? directory = null)
    {
        if (DescriptorNamed(path) is { } number)
        {
            Fd? fd = _tracee.Open($"fd/{number}", OpenFlags.O_PATH);
            return fd is not null && _tracee.IsStillThere ? fd : null;
        }

        OpenFlags flags = OpenFlags.O_PATH | (followsLast ? 0 : OpenFlags.O_NOFOLLOW);
        return _thread.TryOpen(_root, directory ?? _workingDirectory, path, flags, ResolveFlags.RESOLVE_NO_MAGICLINKS, out Fd? found) == Errno.None
            ? found
            : null;
    }

    /// <summary>umount2(2); the mount namespace must have been joined.</summary>
    public Errno TryUnmount(ReadOnlySpan<byte> path, uint flags) => _thread.TryUnmount(_root, _workingDirectory, path, flags);

    public void Dispose()
    {
        _mounts.Dispose();
        _network.Dispose();
        _root.Dispose();
        _workingDirectory.Dispose();
    }

    static int? DescriptorNamed(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> digits = path.StartsWith("/proc/self/fd/"u8) ? path["/proc/self/fd/"u8.Length..^1]
            : path.StartsWith("/proc/thread-self/fd/"u8) ? path["/proc/thread-self/fd/"u8.Length..^1]
            : [];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    static bool IsOwner(Fd user, Fd owned)
    {
        using Fd owner = Namespace.Owner(owned, "the caller's namespace");
        return Stat.CachedOf(owner).IsSameInode(Stat.CachedOf(user));
    }

    static ulong CapabilitiesOf(Tracee tracee)
    {
        const string key = "CapEff:";
        string status = tracee.ReadText("status");
        // At the beginning of a line: the first one is a name of the process's choice.
        int at = status.IndexOf("\n" + key, StringComparison.Ordinal);
        return at >= 0 && ulong.TryParse(
            status.AsSpan(at + 1 + key.Length, Math.Min(17, status.Length - at - 1 - key.Length)).Trim(), NumberStyles.HexNumber, null, out ulong mask)
            ? mask
            : 0;
    }
}
