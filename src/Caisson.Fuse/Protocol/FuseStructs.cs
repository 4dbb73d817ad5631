using System.Runtime.InteropServices;

// What travels over /dev/fuse, named and laid out as in the kernel's include/uapi/linux/fuse.h; Caisson.Abi.Tests compares.
namespace Caisson.Fuse.Protocol;

/// <summary>Before every request.</summary>
[StructLayout(LayoutKind.Sequential)]
struct fuse_in_header
{
    public uint len;
    public uint opcode;
    public ulong unique;
    public ulong nodeid;
    public uint uid;
    public uint gid;
    public uint pid;
    public ushort total_extlen;
    public ushort padding;
}

/// <summary>Before every answer, whose error is a negative errno; with unique 0 a notification, whose error is its code.</summary>
[StructLayout(LayoutKind.Sequential)]
struct fuse_out_header
{
    public uint len;
    public int error;
    public ulong unique;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_attr
{
    public ulong ino;
    public ulong size;
    public ulong blocks;
    public ulong atime;
    public ulong mtime;
    public ulong ctime;
    public uint atimensec;
    public uint mtimensec;
    public uint ctimensec;
    public uint mode;
    public uint nlink;
    public uint uid;
    public uint gid;
    public uint rdev;
    public uint blksize;
    public uint flags;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_entry_out
{
    public ulong nodeid;
    public ulong generation;
    public ulong entry_valid;
    public ulong attr_valid;
    public uint entry_valid_nsec;
    public uint attr_valid_nsec;
    public fuse_attr attr;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_attr_out
{
    public ulong attr_valid;
    public uint attr_valid_nsec;
    public uint dummy;
    public fuse_attr attr;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_getattr_in
{
    public uint getattr_flags;
    public uint dummy;
    public ulong fh;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_setattr_in
{
    public uint valid;
    public uint padding;
    public ulong fh;
    public ulong size;
    public ulong lock_owner;
    public ulong atime;
    public ulong mtime;
    public ulong ctime;
    public uint atimensec;
    public uint mtimensec;
    public uint ctimensec;
    public uint mode;
    public uint unused4;
    public uint uid;
    public uint gid;
    public uint unused5;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_open_in
{
    public uint flags;
    public uint open_flags;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_open_out
{
    public ulong fh;
    public uint open_flags;
    public int padding;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_poll_in
{
    public ulong fh;
    public ulong kh;
    public uint flags;
    public uint events;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_poll_out
{
    public uint revents;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_release_in
{
    public ulong fh;
    public uint flags;
    public uint release_flags;
    public ulong lock_owner;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_read_in
{
    public ulong fh;
    public ulong offset;
    public uint size;
    public uint read_flags;
    public ulong lock_owner;
    public uint flags;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_write_in
{
    public ulong fh;
    public ulong offset;
    public uint size;
    public uint write_flags;
    public ulong lock_owner;
    public uint flags;
    public uint padding;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_write_out
{
    public uint size;
    public uint padding;
}

/// <summary>Before the name in a directory's listing; each entry is padded to 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
struct fuse_dirent
{
    public ulong ino;
    public ulong off;
    public uint namelen;
    public uint type;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_kstatfs
{
    public ulong blocks;
    public ulong bfree;
    public ulong bavail;
    public ulong files;
    public ulong ffree;
    public uint bsize;
    public uint namelen;
    public uint frsize;
    public uint padding;
    public spare_6 spare;

    [System.Runtime.CompilerServices.InlineArray(6)]
    public struct spare_6
    {
        uint _first;
    }
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_init_in
{
    public uint major;
    public uint minor;
    public uint max_readahead;
    public uint flags;
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_init_out
{
    public uint major;
    public uint minor;
    public uint max_readahead;
    public uint flags;
    public ushort max_background;
    public ushort congestion_threshold;
    public uint max_write;
    public uint time_gran;
    public ushort max_pages;
    public ushort map_alignment;
    public uint flags2;
    public unused_7 unused;

    [System.Runtime.CompilerServices.InlineArray(7)]
    public struct unused_7
    {
        uint _first;
    }
}

[StructLayout(LayoutKind.Sequential)]
struct fuse_notify_store_out
{
    public ulong nodeid;
    public ulong offset;
    public uint size;
    public uint padding;
}
