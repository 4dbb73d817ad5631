namespace Caisson.Fuse.Protocol;

/// <summary>The flags and numbers of linux/fuse.h that are used here.</summary>
static class FuseFlags
{
    public const int FUSE_KERNEL_VERSION = 7;
    public const ulong FUSE_ROOT_ID = 1;
    public const int FUSE_MIN_READ_BUFFER = 8192;

    // Of FUSE_INIT.
    public const uint FUSE_BIG_WRITES = 1 << 5;
    public const uint FUSE_DO_READDIRPLUS = 1 << 13;
    public const uint FUSE_PARALLEL_DIROPS = 1 << 18;

    // Of the answer to FUSE_OPEN.
    public const uint FOPEN_DIRECT_IO = 1 << 0;

    // Of FUSE_READ: set for read(2) on a file that was opened with FOPEN_DIRECT_IO, and not when the page cache is filled.
    public const uint FUSE_READ_LOCKOWNER = 1 << 1;

    // Of FUSE_SETATTR.
    public const uint FATTR_MODE = 1 << 0;
    public const uint FATTR_UID = 1 << 1;
    public const uint FATTR_GID = 1 << 2;

    // Of notifications, as enum fuse_notify_code.
    public const int FUSE_NOTIFY_STORE = 4;
}
