using Caisson.Kernel.Files;

namespace Caisson.Kernel.Namespaces;

/// <summary>
/// The user namespace that this program runs in. Root of any but the initial one may do what its namespaces allow, and no more:
/// it makes no device nodes and maps no ids of file systems that were mounted outside.
/// </summary>
public static class OwnUserNamespace
{
    // PROC_USER_INIT_INO of include/linux/proc_ns.h: the initial one has this inode on every kernel.
    const ulong InitialInode = 0xEFFFFFFD;

    public static bool IsInitial { get; } =
        Stat.TryOf(Fd.CurrentDirectory, "/proc/self/ns/user", out statx stat) != Errno.None || stat.stx_ino == InitialInode;
}
