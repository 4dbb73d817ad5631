using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using Caisson.Kernel.Memory;

namespace Caisson.Fuse;

/// <summary>
/// What must outlive the process that serves: the request it is at and where it stands. read(2) on the device puts requests
/// right into this memory, so that a server that is killed at any instruction leaves at most one that is not answered, whole,
/// in here; the next server begins with it. Nothing has to be asked of the kernel for that (FUSE_NOTIFY_RESEND).
/// <para>
/// And the contents that open files show (<see cref="SnapshotPool"/>), in a part of its own: it is large, and sparse.
/// </para>
/// </summary>
public sealed class FuseMemory
{
    /// <summary>How many bytes it takes.</summary>
    public const int Size = RequestSize + 128;

    /// <summary>How many bytes the part for contents takes, of which most stay untouched.</summary>
    public const int ContentsSize = TableSize + SnapshotPool.Room;

    /// <summary>Of the table of snapshots, in bytes: a whole page.</summary>
    internal const int TableSize = SnapshotPool.Count * 64;

    // Of the table, below a page's size. Whatever another version has left there is not read.
    const ulong TableFormat = 1;

    const int RequestSize = FuseFlags.FUSE_MIN_READ_BUFFER;
    const int FirstStorePage = 4096;
    const int LastStorePage = int.MaxValue / 4096 - 1;

    readonly SharedMemory _memory;
    readonly int _offset;
    readonly int _contents;
    int _reserved;

    /// <param name="memory">Zeros where no server was at work yet.</param>
    /// <param name="offset">A multiple of 8, of the first part.</param>
    /// <param name="contents">A multiple of 4096, of the part for contents.</param>
    public FuseMemory(SharedMemory memory, int offset, int contents)
    {
        _memory = memory;
        _offset = offset;
        _contents = contents;
        // Writing makes the pages present and the lock keeps them. Otherwise the kernel's own write to them could fail in a
        // process that is being killed: the request would be lost with EIO, its header in here before another one's body.
        Span<byte> request = Request;
        for (int i = 0; i < request.Length; i += 512)
        {
            request[i] = request[i];
        }

        _ = memory.TryLock(offset, Size);
        NoteCreation();
    }

    /// <summary>When the request that is being handled was begun, in nanoseconds of CLOCK_MONOTONIC; 0 while there is none.</summary>
    public long BusySince => Volatile.Read(ref State.BusySince);

    /// <summary>The device is a new one: nothing of what was left is about it.</summary>
    public void Forget()
    {
        // The table with it: its form is in here. It is not touched before somebody opens a file.
        _memory.Slice(_offset, Size).Clear();
        NoteCreation();
    }

    /// <summary>For whoever serves, before it looks at snapshots.</summary>
    /// <exception cref="KernelException">There is no memory for it.</exception>
    internal void OpenTable()
    {
        Errno errno = _memory.TryPopulate(_contents, TableSize);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "madvise", "the table of snapshots");
        }

        ulong form = (ulong)_contents + TableFormat;
        if (State.TableForm != form)
        {
            _memory.Slice(_contents, TableSize).Clear();
            State.TableForm = form;
        }
    }

    /// <summary>The table's rows.</summary>
    internal Span<SnapshotState> Snapshots => MemoryMarshal.Cast<byte, SnapshotState>(
        _memory.Slice(_contents, SnapshotPool.Count * Unsafe.SizeOf<SnapshotState>()));

    internal Span<byte> Content(int start, int length) => _memory.Slice(_contents + TableSize + start, length);

    /// <summary>
    /// Contents may be written up to there. Where the file system is full, a write would end us (SIGBUS), and the next server, too.
    /// </summary>
    internal bool TryReserve(int end)
    {
        if (end <= _reserved)
        {
            return true;
        }

        if (_memory.TryPopulate(_contents + TableSize + _reserved, end - _reserved) != Errno.None)
        {
            return false;
        }

        _reserved = end;
        return true;
    }

    internal Span<byte> Request => _memory.Slice(_offset, RequestSize);

    internal ref FuseState State => ref _memory.At<FuseState>(_offset + RequestSize);

    /// <summary>A page of a file that has not been stored to for long; <see cref="Nodes.CachedSize"/> has the reason.</summary>
    // Above all contents and below 2 GiB, as a program without O_LARGEFILE must be able to open the file.
    internal long NextStorePage(long lowest) =>
        Math.Max(lowest, FirstStorePage + (long)(State.Stores++ % (LastStorePage - FirstStorePage)));

    void NoteCreation()
    {
        if (State.Created == 0)
        {
            State.Created = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        }
    }
}
