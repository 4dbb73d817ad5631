using System.Runtime.CompilerServices;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Fuse.Protocol;

/// <summary>
/// Every request that is answered with more than ENOSYS. For what is not here ENOSYS is a good answer: the kernel then does
/// without, and for most of these never asks again: FUSE_FLUSH (one round trip less for each close), FUSE_FSYNC, FUSE_ACCESS
/// (the mount has default_permissions), FUSE_LSEEK (no holes), FUSE_*XATTR and FUSE_IOCTL (the
/// caller sees EOPNOTSUPP and ENOTTY), FUSE_FALLOCATE, FUSE_COPY_FILE_RANGE, FUSE_SYNCFS.
/// </summary>
static class OpcodeTable
{
    public static IReadOnlyList<OpcodeEntry> All { get; } =
    [
        new(Opcode.FUSE_INIT, Unsafe.SizeOf<fuse_init_in>(), static (_, in request, reply) => Negotiation.Initialize(request, reply)),
        new(Opcode.FUSE_LOOKUP, 1, static (files, in request, reply) => files.Lookup(request, reply)),
        new(Opcode.FUSE_GETATTR, Unsafe.SizeOf<fuse_getattr_in>(), static (files, in request, reply) => files.GetAttributes(request, reply)),
        new(Opcode.FUSE_SETATTR, Unsafe.SizeOf<fuse_setattr_in>(), static (files, in request, reply) => files.SetAttributes(request, reply)),
        new(Opcode.FUSE_STATFS, 0, static (_, in _, reply) => FlatDirectory.StatFileSystem(reply)),

        new(Opcode.FUSE_OPENDIR, Unsafe.SizeOf<fuse_open_in>(), static (_, in request, reply) => FlatDirectory.OpenDirectory(request, reply)),
        new(Opcode.FUSE_READDIR, Unsafe.SizeOf<fuse_read_in>(), static (files, in request, reply) => files.List(request, reply, withAttributes: false)),
        new(Opcode.FUSE_READDIRPLUS, Unsafe.SizeOf<fuse_read_in>(), static (files, in request, reply) => files.List(request, reply, withAttributes: true)),
        new(Opcode.FUSE_RELEASEDIR, 0, static (_, in _, _) => Errno.None),

        new(Opcode.FUSE_OPEN, Unsafe.SizeOf<fuse_open_in>(), static (files, in request, reply) => files.Open(request, reply)),
        new(Opcode.FUSE_READ, Unsafe.SizeOf<fuse_read_in>(), static (files, in request, reply) => files.Read(request, reply)),
        new(Opcode.FUSE_WRITE, Unsafe.SizeOf<fuse_write_in>(), static (files, in request, reply) => files.Write(request, reply)),
        new(Opcode.FUSE_RELEASE, Unsafe.SizeOf<fuse_release_in>(), static (files, in request, _) => files.Release(request)),
        new(Opcode.FUSE_POLL, Unsafe.SizeOf<fuse_poll_in>(), static (files, in request, reply) => files.Poll(request, reply)),

        // The directory is what it is. Without these the caller would see ENOSYS.
        new(Opcode.FUSE_CREATE, 0, Refuse),
        new(Opcode.FUSE_TMPFILE, 0, Refuse),
        new(Opcode.FUSE_MKNOD, 0, Refuse),
        new(Opcode.FUSE_MKDIR, 0, Refuse),
        new(Opcode.FUSE_SYMLINK, 0, Refuse),
        new(Opcode.FUSE_LINK, 0, Refuse),
        new(Opcode.FUSE_UNLINK, 0, Refuse),
        new(Opcode.FUSE_RMDIR, 0, Refuse),
        new(Opcode.FUSE_RENAME, 0, Refuse),
        new(Opcode.FUSE_RENAME2, 0, Refuse),

        // Nodes live as long as the server, whatever the kernel remembers of them.
        new(Opcode.FUSE_FORGET, 0, Ignore) { HasNoAnswer = true },
        new(Opcode.FUSE_BATCH_FORGET, 0, Ignore) { HasNoAnswer = true },
        // Requests are answered one after the other, at once: what could be interrupted is over when this is read.
        new(Opcode.FUSE_INTERRUPT, 0, Ignore) { HasNoAnswer = true },
        // After the last unmount. The end is read's ENODEV, not this.
        new(Opcode.FUSE_DESTROY, 0, Ignore),
    ];

    static readonly OpcodeEntry?[] s_byNumber = ByNumber();

    public static OpcodeEntry? Find(uint opcode) => opcode < s_byNumber.Length ? s_byNumber[opcode] : null;

    static Errno Refuse(FlatDirectory files, in RequestReader request, ReplyWriter reply) => Errno.EPERM;

    static Errno Ignore(FlatDirectory files, in RequestReader request, ReplyWriter reply) => Errno.None;

    static OpcodeEntry?[] ByNumber()
    {
        OpcodeEntry?[] entries = new OpcodeEntry?[All.Max(it => (int)it.Number) + 1];
        foreach (OpcodeEntry entry in All)
        {
            entries[(int)entry.Number] = entry;
        }

        return entries;
    }
}
