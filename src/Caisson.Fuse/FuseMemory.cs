using Caisson.Fuse.Protocol;
using Caisson.Kernel.Memory;

namespace Caisson.Fuse;

/// <summary>
/// What must outlive the process that serves: the request it is at and where it stands. read(2) on the device puts requests
/// right into this memory, so that a server that is killed at any instruction leaves at most one that is not answered, whole,
/// in here; the next server begins with it. Nothing has to be asked of the kernel for that (FUSE_NOTIFY_RESEND).
/// </summary>
public sealed class FuseMemory
{
    /// <summary>How many bytes it takes.</summary>
    public const int Size = RequestSize + 128;

    const int RequestSize = FuseFlags.FUSE_MIN_READ_BUFFER;
    const int FirstStorePage = 4096;
    const int LastStorePage = int.MaxValue / 4096 - 1;

    readonly SharedMemory _memory;
    readonly int _offset;

    /// <param name="memory">Zeros where no server was at work yet.</param>
    /// <param name="offset">A multiple of 8.</param>
    public FuseMemory(SharedMemory memory, int offset)
    {
        _memory = memory;
        _offset = offset;
        // Writing makes the pages present and the lock keeps them. Otherwise the kernel's own write to them could fail in a
        // process that is being killed: the request would be lost with EIO, its header in here before another one's body.
        Span<byte> request = Request;
        for (int i = 0; i < request.Length; i += 512)
        {
            request[i] = request[i];
        }

        _ = memory.TryLock(offset, Size);
        if (State.Created == 0)
        {
            State.Created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        }
    }

    /// <summary>When the request that is being handled was begun, in nanoseconds of CLOCK_MONOTONIC; 0 while there is none.</summary>
    public long BusySince => Volatile.Read(ref State.BusySince);

    internal Span<byte> Request => _memory.Slice(_offset, RequestSize);

    internal ref FuseState State => ref _memory.At<FuseState>(_offset + RequestSize);

    /// <summary>A page of a file that has not been stored to for long; <see cref="Nodes.CachedSize"/> has the reason.</summary>
    // Above all contents and below 2 GiB, as a program without O_LARGEFILE must be able to open the file.
    internal long NextStorePage(long lowest) =>
        Math.Max(lowest, FirstStorePage + (long)(State.Stores++ % (LastStorePage - FirstStorePage)));
}
