using System.Collections.Immutable;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// Character devices that anybody may have anywhere. Whether one can be opened the device cgroup says, as for any other node.
/// </summary>
public static class HarmlessNodes
{
    public static ImmutableArray<(string Name, uint Major, uint Minor)> All { get; } =
    [
        ("null", 1, 3),
        ("zero", 1, 5),
        ("full", 1, 7),
        ("random", 1, 8),
        ("urandom", 1, 9),
        ("tty", 5, 0),
        ("console", 5, 1),
        ("ptmx", 5, 2),
        ("net/tun", 10, 200),
        ("fuse", 10, 229),
    ];

    /// <summary>A device number as mknod(2) has it (new_decode_dev in linux/kdev_t.h); null for any other device.</summary>
    public static (uint Major, uint Minor)? Find(uint device)
    {
        (uint major, uint minor) = ((device & 0xfff00) >> 8, (device & 0xff) | ((device >> 12) & 0xfff00));
        foreach ((_, uint knownMajor, uint knownMinor) in All)
        {
            if ((knownMajor, knownMinor) == (major, minor))
            {
                return (major, minor);
            }
        }

        return null;
    }
}
