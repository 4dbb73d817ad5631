namespace Caisson.Emulation.Syscalls;

/// <summary>
/// Character devices that anybody may have anywhere. Whether one can be opened the device cgroup says, as for any other node.
/// </summary>
public static class HarmlessNodes
{
    /// <summary>A device number as mknod(2) has it (new_decode_dev in linux/kdev_t.h); null for any other device.</summary>
    public static (uint Major, uint Minor)? Find(uint device)
    {
        (uint major, uint minor) = ((device & 0xfff00) >> 8, (device & 0xff) | ((device >> 12) & 0xfff00));
        bool isHarmless = (major, minor) switch
        {
            (1, 3) => true, // null
            (1, 5) => true, // zero
            (1, 7) => true, // full
            (1, 8) => true, // random
            (1, 9) => true, // urandom
            (5, 0) => true, // tty
            (5, 1) => true, // console
            (5, 2) => true, // ptmx
            (10, 200) => true, // net/tun
            (10, 229) => true, // fuse
            _ => false,
        };
        return isHarmless ? (major, minor) : null;
    }
}
