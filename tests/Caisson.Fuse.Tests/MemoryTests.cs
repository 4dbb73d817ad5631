using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests;

/// <summary>What serving costs in memory: nothing that grows with the number of requests, whoever makes them.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    const int Requests = 100_000;

    // Of managed memory. Nothing in the server allocates as it answers; what remains is the runtime's own, now and then.
    const long BytesARequest = 1;

    [Fact]
    public void A_hundred_thousand_requests_make_no_garbage()
    {
        Server server = new(new Sized { Length = 3000 });
        server.Round(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int asked = 0;
        while (asked < Requests)
        {
            asked += server.Round(10);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesARequest * asked);
    }

    [Fact]
    public void Thousands_of_open_files_make_no_garbage_either()
    {
        Server server = new(new Sized { Length = 3000 });
        server.Round(SnapshotPool.Count * 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int asked = 0;
        while (asked < Requests / 4)
        {
            asked += server.Round(2000);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesARequest * asked);
    }

    [Fact]
    public void Contents_that_were_large_once_hold_no_memory_when_they_are_small()
    {
        Sized file = new();
        Server server = new(file);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<ulong> handles = [];
        for (int i = 0; i < SnapshotPool.Count; i++)
        {
            file.Length = 400_000;
            ulong handle = server.Open();
            handles.Add(handle);
            file.Length = 10;
            server.Read(handle, 0);
            server.Read(handle, 0);
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(grown, long.MinValue, 1 << 20);
        GC.KeepAlive(server);
        Assert.Equal(SnapshotPool.Count, handles.Distinct().Count());
    }

    [Fact]
    public void Contents_that_grow_when_they_are_read_again_are_bounded_too()
    {
        Sized file = new();
        Server server = new(file);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        ulong[] handles = [.. Enumerable.Range(0, SnapshotPool.Count).Select(_ => server.Open())];
        file.Length = 400_000;
        foreach (ulong handle in handles)
        {
            server.Read(handle, 0);
            server.Read(handle, 0);
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(grown, long.MinValue, 2 << 20);
        GC.KeepAlive(server);
    }

    sealed class Sized : IReadable
    {
        static readonly byte[] s_bytes = new byte[400_000];

        public int Length { get; set; }

        public Errno Read(Caller caller, ContentBuffer content)
        {
            content.Append(s_bytes.AsSpan(0, Length));
            return Errno.None;
        }
    }

    // Requests and answers in the same bytes again and again, as it is with the kernel.
    sealed class Server
    {
        readonly Unmounted _unmounted;
        readonly FuseServer _server;
        readonly ulong[] _handles = new ulong[2000];
        readonly byte[] _answer = new byte[64];
        readonly ulong _node;
        ulong _unique;
        bool _failed;

        public Server(IReadable file)
        {
            FuseFile[] files = [new("file", 0x124, file)];
            _unmounted = new Unmounted(files);
            _server = new FuseServer(Fd.Borrow(-1), _unmounted.Memory, files, 0, 0, _unmounted.Log.Add, Take);
            _node = _unmounted.IdOf("file");
        }

        public int Round(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Ask(Opcode.FUSE_GETATTR, new fuse_getattr_in());
                _handles[i] = Open();
                Read(_handles[i], 0);
                Read(_handles[i], 3000);
            }

            for (int i = 0; i < count; i++)
            {
                Ask(Opcode.FUSE_RELEASE, new fuse_release_in { fh = _handles[i] });
            }

            return count * 5;
        }

        public ulong Open()
        {
            Ask(Opcode.FUSE_OPEN, new fuse_open_in());
            return MemoryMarshal.Read<fuse_open_out>(_answer.AsSpan(Unsafe.SizeOf<fuse_out_header>())).fh;
        }

        public void Read(ulong handle, int offset) => Ask(
            Opcode.FUSE_READ, new fuse_read_in { fh = handle, offset = (ulong)offset, size = 4096, read_flags = FuseFlags.FUSE_READ_LOCKOWNER });

        void Ask<T>(Opcode opcode, T body) where T : unmanaged
        {
            int length = Unsafe.SizeOf<fuse_in_header>() + Unsafe.SizeOf<T>();
            fuse_in_header header = new() { len = (uint)length, opcode = (uint)opcode, unique = ++_unique, nodeid = _node, pid = 7 };
            MemoryMarshal.Write(_unmounted.Memory.Request, header);
            MemoryMarshal.Write(_unmounted.Memory.Request[Unsafe.SizeOf<fuse_in_header>()..], body);
            _server.Handle(_unmounted.Memory.Request[..length]);
            Assert.False(_failed);
        }

        Errno Take(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
        {
            _failed |= MemoryMarshal.Read<fuse_out_header>(head) is { unique: not 0, error: not 0 };
            head[..Math.Min(head.Length, _answer.Length)].CopyTo(_answer);
            return Errno.None;
        }
    }
}
