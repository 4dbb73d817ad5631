using System.Text;
using Caisson.Emulation.Proc;
using Caisson.Kernel.Memory;
using CsCheck;

namespace Caisson.Emulation.Tests.Proc;

public sealed class ValueStoreTests
{
    readonly SharedMemory _memory = TestContainer.Memory();

    [Fact]
    public void What_was_written_is_read_by_the_next_one_that_maps_the_memory()
    {
        ValueStore store = new(_memory, 0);
        Assert.Null(Read(store, "vm/swappiness"));
        Assert.True(store.TryWrite("vm/swappiness", "10"u8));
        Assert.True(store.TryWrite("kernel/core_pattern", "core.%p"u8));
        Assert.True(store.TryWrite("vm/swappiness", "20"u8));

        ValueStore next = new(_memory, 0);
        Assert.Equal("20", Read(next, "vm/swappiness"));
        Assert.Equal("core.%p", Read(next, "kernel/core_pattern"));
        Assert.Null(Read(next, "vm/swap"));
    }

    [Fact]
    public void A_store_in_the_middle_of_the_memory_touches_nothing_else()
    {
        SharedMemory memory = TestContainer.Memory(2 * ValueStore.Size);
        ValueStore store = new(memory, 4096);
        for (int i = 0; i < ValueStore.Slots; i++)
        {
            Assert.True(store.TryWrite($"name{i}", new byte[ValueStore.LongestValue]));
        }

        Assert.True(memory.Slice(0, 4096).IndexOfAnyExcept((byte)0) < 0);
        Assert.True(memory.Slice(4096 + ValueStore.Size, ValueStore.Size - 4096).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void It_keeps_what_a_map_would_keep() =>
        Gen.Select(Gen.Int[0, 5], Gen.Byte.Array[0, ValueStore.LongestValue]).Array[0, 40].Sample(writes =>
        {
            SharedMemory memory = TestContainer.Memory();
            Dictionary<string, byte[]> expected = [];
            foreach ((int name, byte[] value) in writes)
            {
                Assert.True(new ValueStore(memory, 0).TryWrite($"name{name}", value));
                expected[$"name{name}"] = value;
            }

            foreach ((string name, byte[] value) in expected)
            {
                Assert.True(new ValueStore(memory, 0).TryRead(name, out ReadOnlySpan<byte> read));
                Assert.Equal(value, read.ToArray());
            }
        }, iter: 20);

    // A writer that dies leaves a beginning of what it would have stored: the state is the last.
    [Fact]
    public void A_torn_write_is_invisible()
    {
        ValueStore store = new(_memory, 0);
        store.TryWrite("a", "old"u8);
        byte[] before = _memory.Slice(0, ValueStore.Size).ToArray();
        store.TryWrite("a", "newer"u8);
        byte[] after = _memory.Slice(0, ValueStore.Size).ToArray();
        int[] changed = [.. Enumerable.Range(0, after.Length).Where(i => before[i] != after[i])];
        // All bytes but the state, in any order.
        int[] torn = [.. changed.Where(i => i >= sizeof(int))];
        Assert.True(torn.Length < changed.Length);

        Gen.Shuffle(torn).Sample(order =>
        {
            before.CopyTo(_memory.Slice(0, ValueStore.Size));
            foreach (int i in order)
            {
                _memory.Slice(i, 1)[0] = after[i];
                Assert.Equal("old", Read(new ValueStore(_memory, 0), "a"));
            }

            Assert.True(new ValueStore(_memory, 0).TryWrite("a", "newest"u8));
            Assert.Equal("newest", Read(new ValueStore(_memory, 0), "a"));
        }, iter: 20, threads: 1);
    }

    [Fact]
    public void A_slot_that_was_being_taken_is_still_free()
    {
        ValueStore store = new(_memory, 0);
        store.TryWrite("a", "value"u8);
        _memory.At<int>(0) = 0;

        Assert.Null(Read(store, "a"));
        Assert.True(store.TryWrite("b", "other"u8));
        Assert.Equal("other", Read(store, "b"));
        Assert.Null(Read(store, "a"));
    }

    [Fact]
    public void It_is_bounded()
    {
        ValueStore store = new(_memory, 0);
        for (int i = 0; i < ValueStore.Slots; i++)
        {
            Assert.True(store.TryWrite($"name{i}", "1"u8));
        }

        Assert.False(store.TryWrite("one more", "1"u8));
        Assert.True(store.TryWrite("name5", "2"u8));
        Assert.False(store.TryWrite("name5", new byte[ValueStore.LongestValue + 1]));
        Assert.False(store.TryWrite(new string('x', ValueStore.LongestName + 1), "1"u8));
        Assert.Equal("2", Read(store, "name5"));
    }

    [Fact]
    public void No_content_of_the_memory_ends_it() => Gen.Byte.Array[ValueStore.SlotSize * 3].Sample(bytes =>
    {
        SharedMemory memory = TestContainer.Memory();
        bytes.CopyTo(memory.Slice(0, bytes.Length));
        memory.At<int>(0) = 1;
        memory.At<int>(ValueStore.SlotSize) = 2;
        ValueStore store = new(memory, 0);
        Read(store, "a");
        store.TryWrite("a", "1"u8);

        Assert.Equal("1", Read(store, "a"));
    }, iter: 50);

    static string? Read(ValueStore store, string name) =>
        store.TryRead(name, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;
}
