using System.Runtime.CompilerServices;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Fuse.Tests;

/// <summary>Where contents lie, and that there are never too many of them.</summary>
public sealed class SnapshotPoolTests
{
    readonly FuseMemory _memory;
    readonly Node _node = new(TestFile.Of("file", ""));
    readonly SnapshotPool _pool;
    ulong _serial;

    public SnapshotPoolTests()
    {
        using Fd file = MemoryFile.Create("fuse-tests", []);
        _memory = Mounted.NewMemory(file);
        _pool = new SnapshotPool(_memory);
    }

    [Fact]
    public void The_table_has_room_for_all_rows() =>
        Assert.InRange(SnapshotPool.Count * Unsafe.SizeOf<SnapshotState>(), 1, FuseMemory.TableSize);

    [Fact]
    public void Contents_stay_whole_and_apart_and_are_bounded_whatever_is_done()
    {
        Random random = new(3);
        List<(ulong Handle, byte[] Content)> kept = [];
        int highest = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] content = new byte[random.Next(4) == 0 ? random.Next(400_000) : random.Next(6000)];
            random.NextBytes(content);
            int chosen = random.Next(kept.Count + 1);
            Snapshot? old = chosen < kept.Count ? _pool.Find(kept[chosen].Handle, _node) : null;
            if (old is not null && random.Next(2) == 0)
            {
                old.Free();
                kept.RemoveAt(chosen);
            }
            else if (old is not null)
            {
                Assert.True(_pool.Replace(old, content, 1));
                kept[chosen] = (kept[chosen].Handle, content);
            }
            else
            {
                kept.Add((Keep(content)!.State.Handle, content));
            }

            kept.RemoveAll(it => _pool.Find(it.Handle, _node) is null);
            Assert.All(kept, it => Assert.True(_pool.Find(it.Handle, _node)!.Content.SequenceEqual(it.Content)));
            Assert.InRange(kept.Sum(it => it.Content.Length), 0, 1 << 20);
            highest = kept.Count == 0 ? highest : Math.Max(highest, kept.Max(it => End(it.Handle)));
        }

        // From the lowest place on: the memory that is ever touched is not much more.
        Assert.InRange(highest, 1 << 19, 3 << 20);
    }

    [Fact]
    public void The_longest_content_is_replaced_wherever_it_lies()
    {
        byte[] longest = new byte[SnapshotPool.Longest];
        for (int before = 0; before < 1 << 20; before += 100_000)
        {
            Snapshot first = Keep(new byte[before])!;
            Snapshot snapshot = Keep(longest)!;
            first.Free();
            for (byte i = 0; i < 4; i++)
            {
                longest.AsSpan().Fill(i);
                Assert.True(_pool.Replace(snapshot, longest, 1));
                Assert.True(snapshot.Content.SequenceEqual(longest));
            }

            snapshot.Free();
        }
    }

    [Fact]
    public void What_is_longer_is_not_kept_and_takes_nothing_away()
    {
        Snapshot one = Keep("one"u8)!;
        Assert.Null(Keep(new byte[SnapshotPool.Longest + 1]));
        Assert.False(_pool.Replace(one, new byte[SnapshotPool.Longest + 1], 1));
        Assert.True(one.IsTaken);
        Assert.Equal("one"u8, one.Content);
    }

    [Fact]
    public void The_next_pool_has_them_all()
    {
        ulong[] handles = [.. Enumerable.Range(0, SnapshotPool.Count).Select(i => Keep(new byte[] { (byte)i })!.State.Handle)];
        SnapshotPool next = new(_memory);

        Assert.Equal(Enumerable.Range(0, handles.Length).Select(i => (byte)i), handles.Select(it => next.Find(it, _node)!.Content[0]));
        // What has been used for longest goes first, as if there had been one pool.
        next.Keep("x"u8, new FileHandle(++_serial, 1), _node, 1, 1);
        Assert.Null(next.Find(handles[0], _node));
        Assert.NotNull(next.Find(handles[1], _node));
    }

    [Fact]
    public void Where_the_file_system_is_full_a_content_is_not_kept_and_nobody_ends_of_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        using ScratchTmpfs tmpfs = new("128k");
        using FileStream file = File.Create($"{tmpfs.Root}/memory");
        using Fd borrowed = Fd.Borrow((int)file.SafeFileHandle.DangerousGetHandle());
        FuseMemory memory = Mounted.NewMemory(borrowed);
        SnapshotPool pool = new(memory);

        Assert.Null(pool.Keep(new byte[200_000], new FileHandle(1, 1), _node, 1, 1));
        Snapshot small = pool.Keep(new byte[10_000], new FileHandle(2, 1), _node, 1, 2)!;
        Assert.False(pool.Replace(small, new byte[200_000], 1));
        Assert.Equal(10_000, small.Length);
    }

    Snapshot? Keep(ReadOnlySpan<byte> content) => _pool.Keep(content, new FileHandle(++_serial, content.Length), _node, 1, _serial);

    int End(ulong handle) => _pool.Find(handle, _node) is { } it ? it.Start + it.Length : 0;
}
