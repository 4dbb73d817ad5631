using System.Globalization;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// Where a caller stands: its mount, pid and network namespace, root and working directory, all by descriptor. The calling
/// thread, whose root and working directory are its own, can step there and resolve paths as the caller would.
/// </summary>
public sealed class CallerPlace : IDisposable
{
    static readonly ulong Needed = Capabilities.Mask(["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH"]);

    readonly Fd _mounts;
    readonly Fd _root;
    readonly Fd _workingDirectory;
    readonly Tracee _tracee;

    CallerPlace(Tracee tracee, Fd mounts, Fd root, Fd workingDirectory)
    {
        _tracee = tracee;
        _mounts = mounts;
        _root = root;
        _workingDirectory = workingDirectory;
    }

    /// <summary>
    /// Null where the kernel is to decide alone: the caller is gone, or it is not the full root of the user namespace that its
    /// mounts belong to. For one that is, all that is done here the kernel would have let it do by itself.
    /// </summary>
    public static CallerPlace? TryOpen(Tracee tracee)
    {
        using Fd? user = tracee.Open("ns/user", OpenFlags.O_RDONLY);
        Fd? mounts = tracee.Open("ns/mnt", OpenFlags.O_RDONLY);
        Fd? root = tracee.Open("root", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        Fd? working = tracee.Open("cwd", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (user is null || mounts is null || root is null || working is null
            || (CapabilitiesOf(tracee) & Needed) != Needed || !IsOwner(user, mounts) || !tracee.IsStillThere)
        {
            mounts?.Dispose();
            root?.Dispose();
            working?.Dispose();
            return null;
        }

        return new CallerPlace(tracee, mounts, root, working);
    }

    /// <summary>Its mount namespace.</summary>
    public Fd Mounts => _mounts;

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

    /// <summary>Steps into the caller's mount namespace, with its root and working directory.</summary>
    public void Enter()
    {
        Namespace.Join(_mounts, NamespaceKind.CLONE_NEWNS, "the caller's mount namespace");
        WorkingDirectory.Change(_root, "the caller's root");
        WorkingDirectory.MakeRoot();
        WorkingDirectory.Change(_workingDirectory, "the caller's working directory");
    }

    /// <summary>
    /// What a path leads to, once entered. Runtimes name mount points by their own descriptors (/proc/self/fd/7), which for us
    /// would be another process's: those are taken from the caller.
    /// </summary>
    public Fd? TryOpen(string path, bool followsLast = true)
    {
        if (DescriptorNamed(path) is { } number)
        {
            Fd? fd = _tracee.Open($"fd/{number}", OpenFlags.O_PATH);
            return fd is not null && _tracee.IsStillThere ? fd : null;
        }

        OpenFlags flags = OpenFlags.O_PATH | (followsLast ? 0 : OpenFlags.O_NOFOLLOW);
        return OpenAt2.TryOpen(Fd.CurrentDirectory, path, flags, ResolveFlags.RESOLVE_NO_MAGICLINKS, 0, out Fd? found) == Errno.None
            ? found
            : null;
    }

    public void Dispose()
    {
        _mounts.Dispose();
        _root.Dispose();
        _workingDirectory.Dispose();
    }

    static int? DescriptorNamed(string path)
    {
        foreach (string prefix in (ReadOnlySpan<string>)["/proc/self/fd/", "/proc/thread-self/fd/"])
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal)
                && int.TryParse(path.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return number;
            }
        }

        return null;
    }

    static bool IsOwner(Fd user, Fd owned)
    {
        using Fd owner = Namespace.Owner(owned, "the caller's namespace");
        return Stat.CachedOf(owner).IsSameInode(Stat.CachedOf(user));
    }

    static ulong CapabilitiesOf(Tracee tracee)
    {
        const string key = "CapEff:";
        string status = tracee.ReadStatus() ?? "";
        // At the beginning of a line: the first one is a name of the process's choice.
        int at = status.IndexOf("\n" + key, StringComparison.Ordinal);
        return at >= 0 && ulong.TryParse(
            status.AsSpan(at + 1 + key.Length, Math.Min(17, status.Length - at - 1 - key.Length)).Trim(), NumberStyles.HexNumber, null, out ulong mask)
            ? mask
            : 0;
    }
}
