using System.Collections.Immutable;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// The system calls that a container's monitor looks at, and nothing else: each costs its callers two changes of process. None
/// of them holds a boundary; what they are for is that an inner container sees what the outer one sees.
/// </summary>
public static class SyscallTable
{
    // MS_REMOUNT, MS_BIND, MS_MOVE, MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED: what makes no new file system.
    const uint NoNewMount = 0x20 | 0x1000 | 0x2000 | 0x20000 | 0x40000 | 0x80000 | 0x100000;
    const uint MOVE_MOUNT_F_EMPTY_PATH = 0x4;

    // MNT_DETACH takes all that is mounted below along; MNT_EXPIRE is for automounters.
    const uint TakesTree = 0x2 | 0x4;

    const uint CharacterDevice = 0x2000;
    const string NodeWords = "a device, but no whiteout (0:0)";

    // What mknod(2) and mknodat(2) do; block devices have the bit, too, and are refused by the kernel.
    const string NodeAction =
        "A character device that is harmless (null, zero, full, random, urandom, tty, console, ptmx, net/tun, fuse) is made. Other "
        + "devices: the kernel refuses them in a user namespace. On a file system that was mounted inside, nodes do not open.";

    public static ImmutableArray<HandledCall> Calls { get; } =
    [
        new("mount", 165, 21, 40, 21,
            new(3, NoNewMount, WhenSet: false, "no remount, bind, move or change of propagation"),
            "A new procfs or sysfs is made as the kernel would make it for the caller, gets the emulated files and the masked and "
                + "read-only paths of the container's own, and is attached. Other types: the kernel's.",
            static (handlers, tracee) => handlers.Mount(tracee)),
        new("move_mount", 429, 429, 429, 429,
            new(4, MOVE_MOUNT_F_EMPTY_PATH, WhenSet: true, "the mount is given by descriptor"),
            "A procfs or sysfs that fsmount(2) made gets the emulated files before the kernel attaches it.",
            static (handlers, tracee) => handlers.MoveMount(tracee)),
        new("umount2", 166, 52, 39, 52,
            new(1, TakesTree, WhenSet: false, "neither MNT_DETACH nor MNT_EXPIRE"),
            "The emulated files go first where a procfs or sysfs is unmounted, which they would keep busy; if it is busy for "
                + "another reason, they come back.",
            static (handlers, tracee) => handlers.Unmount(tracee)),
        new("sysinfo", 99, 116, 179, 116,
            CallCondition.Always,
            "Uptime, load and memory of the caller's nearest limited cgroup, as in /proc.",
            static (handlers, tracee) => handlers.Sysinfo(tracee)),
        new("mknod", 133, 14, -1, 14,
            new(1, CharacterDevice, WhenSet: true, NodeWords) { And = new(2, uint.MaxValue, WhenSet: true, "") }, NodeAction,
            static (handlers, tracee) => handlers.Mknod(tracee, first: 0)),
        new("mknodat", 259, 297, 33, 324,
            new(2, CharacterDevice, WhenSet: true, NodeWords) { And = new(3, uint.MaxValue, WhenSet: true, "") }, NodeAction,
            static (handlers, tracee) => handlers.Mknod(tracee, first: 1)),
        new("keyctl", 250, 288, 219, 311,
            new(0, ~1u, WhenSet: false, "KEYCTL_JOIN_SESSION_KEYRING") { And = new(0, 1, WhenSet: true, "") },
            "ENOSYS where the caller's user has almost as many keys as the kernel gives one, 200: runtimes make a keyring for each container, "
                + "and do without where there are none. Else the kernel's.",
            static (_, tracee) => CallHandlers.JoinKeyring(tracee)),
    ];

    /// <summary>The row of a call as the kernel told it; null for one that is none of ours.</summary>
    public static HandledCall? Find(uint architecture, int number)
    {
        foreach (HandledCall call in Calls)
        {
            if (ViewFilter.NumberOf(call, architecture, out int second) == number || second == number)
            {
                return call;
            }
        }

        return null;
    }
}
