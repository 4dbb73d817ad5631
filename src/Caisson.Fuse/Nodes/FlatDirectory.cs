using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using static Caisson.Fuse.Protocol.FuseFlags;

namespace Caisson.Fuse.Nodes;

/// <summary>The root directory and what is asked about names and attributes; the files' contents are in the other part.</summary>
sealed partial class FlatDirectory
{
    const uint S_IFDIR = 0x4000;
    const uint S_IFREG = 0x8000;
    const uint DT_DIR = 4;
    const uint DT_REG = 8;
    const uint RootMode = 0x16D; // 0555
    const int LongestName = 255;
    // The kernel cuts it to what its clock can hold.
    const ulong Forever = int.MaxValue;

    readonly Node[] _nodes;
    Dictionary<ulong, Node>? _byId;
    readonly FuseMemory _memory;
    readonly Notifier _notifier;
    readonly uint _uid;
    readonly uint _gid;
    SnapshotPool? _pool;

    public FlatDirectory(IReadOnlyList<FuseFile> files, FuseMemory memory, Notifier notifier, uint uid, uint gid)
    {
        _nodes = [.. files.Select(file => new Node(file))];
        _memory = memory;
        _notifier = notifier;
        _uid = uid;
        _gid = gid;
    }

    // A server that only tells names, such as the first one, does without.
    SnapshotPool Snapshots => _pool ??= new SnapshotPool(_memory);

    // Made when it is needed: whoever is only listed does without.
    bool TryFind(ulong id, [NotNullWhen(true)] out Node? node) => (_byId ??= _nodes.ToDictionary(one => one.Id)).TryGetValue(id, out node);

    public Errno Lookup(in RequestReader request, ReplyWriter reply)
    {
        ReadOnlySpan<byte> name = request.Name();
        foreach (Node node in _nodes)
        {
            if (request.Header.nodeid == FUSE_ROOT_ID && name.SequenceEqual(node.Name))
            {
                reply.Write(Entry(node));
                return Errno.None;
            }
        }

        // The kernel lets through what no other file system takes for a name.
        return name.Length > LongestName ? Errno.ENAMETOOLONG : Errno.ENOENT;
    }

    public Errno GetAttributes(in RequestReader request, ReplyWriter reply)
    {
        if (request.Header.nodeid == FUSE_ROOT_ID)
        {
            reply.Write(new fuse_attr_out { attr_valid = Forever, attr = RootAttributes() });
            return Errno.None;
        }

        if (!TryFind(request.Header.nodeid, out Node? node))
        {
            return Errno.ENOENT;
        }

        WriteAttributes(node, LengthFor(node, CallerOf(request)), reply);
        return Errno.None;
    }

    /// <summary>
    /// Modes and owners are fixed, as in /proc/sys; sizes and times are taken without effect, as there, so that truncate and
    /// touch work.
    /// </summary>
    public Errno SetAttributes(in RequestReader request, ReplyWriter reply)
    {
        if ((request.Input<fuse_setattr_in>().valid & (FATTR_MODE | FATTR_UID | FATTR_GID)) != 0)
        {
            return Errno.EPERM;
        }

        return GetAttributes(request, reply);
    }

    public static Errno StatFileSystem(ReplyWriter reply)
    {
        reply.Write(new fuse_kstatfs { bsize = 4096, frsize = 4096, namelen = LongestName });
        return Errno.None;
    }

    // Without FOPEN_CACHE_DIR: the next server may have other files.
    public static Errno OpenDirectory(in RequestReader request, ReplyWriter reply)
    {
        if (request.Header.nodeid != FUSE_ROOT_ID)
        {
            return Errno.ENOTDIR;
        }

        reply.Write(new fuse_open_out());
        return Errno.None;
    }

    /// <summary>A part of the listing, from the entry after the one whose number is the offset.</summary>
    public Errno List(in RequestReader request, ReplyWriter reply, bool withAttributes)
    {
        if (request.Header.nodeid != FUSE_ROOT_ID)
        {
            return Errno.ENOTDIR;
        }

        fuse_read_in input = request.Input<fuse_read_in>();
        int head = Unsafe.SizeOf<fuse_dirent>() + (withAttributes ? Unsafe.SizeOf<fuse_entry_out>() : 0);
        long room = Math.Min(input.size, reply.Room);
        for (ulong number = input.offset; number < (ulong)_nodes.Length + 2; number++)
        {
            Node? node = number < 2 ? null : _nodes[(int)number - 2];
            ReadOnlySpan<byte> name = node is not null ? node.Name : number == 0 ? "."u8 : ".."u8;
            if (reply.Length + head + ((name.Length + 7) & ~7) > room)
            {
                break;
            }

            if (withAttributes)
            {
                // The kernel passes over the two dots' attributes.
                reply.Write(node is null ? default : Entry(node));
            }

            reply.Write(new fuse_dirent
            {
                ino = node?.Id ?? FUSE_ROOT_ID,
                off = number + 1,
                namelen = (uint)name.Length,
                type = node is null ? DT_DIR : DT_REG,
            });
            reply.WritePadded(name);
        }

        return Errno.None;
    }

    // Listing and finding are cheap: they tell the size as it is known, 0 at first, and make no content.
    fuse_entry_out Entry(Node node)
    {
        long size = Tell(node, node.LastLength ?? 0);
        return new fuse_entry_out { nodeid = node.Id, entry_valid = Forever, attr_valid = Forever, attr = Attributes(node, size) };
    }

    void WriteAttributes(Node node, long size, ReplyWriter reply)
    {
        // fstat does not say which open file it is about. Where two readers that have not begun yet must be told different
        // sizes, the kernel may not keep the first one's.
        bool isShared = Snapshots.HasOtherLength(node, size);
        long told = Tell(node, size);
        reply.Write(new fuse_attr_out { attr_valid = isShared || told != size ? 0 : Forever, attr = Attributes(node, told) });
    }

    // A size that we tell moves the end of the file for all who have it open. Whoever reads from pages would see zeros behind
    // its content, or not all of it: so the file keeps that reader's size, and who asks meanwhile is told a size that is not its
    // own. (The kernel's own files in /proc have no size at all, so little is built on it.) Those who might still begin with
    // pages are told to read instead, by EINVAL.
    long Tell(Node node, long size)
    {
        long told = size;
        if (_memory.State.Opened != 0)
        {
            told = Snapshots.PagedLength(node) ?? size;
            Snapshots.Told(node, told);
        }

        node.CachedSize.Told(told);
        return told;
    }

    fuse_attr Attributes(Node node, long size) => Attributes(node.Id, S_IFREG | (node.File.Mode & 0xFFF), 1, size);

    fuse_attr RootAttributes() => Attributes(FUSE_ROOT_ID, S_IFDIR | RootMode, 2, 0);

    fuse_attr Attributes(ulong id, uint mode, uint links, long size)
    {
        ulong time = (ulong)_memory.State.Created;
        return new fuse_attr
        {
            ino = id,
            size = (ulong)size,
            atime = time,
            mtime = time,
            ctime = time,
            mode = mode,
            nlink = links,
            uid = _uid,
            gid = _gid,
            blksize = 4096,
        };
    }

    static Caller CallerOf(in RequestReader request) =>
        new((int)request.Header.pid, request.Header.uid, request.Header.gid);
}
