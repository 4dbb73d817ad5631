using System.Text;
using Caisson.Kernel.Memory;

namespace Caisson.Emulation.Proc;

/// <summary>
/// The values that a container wrote, by name, in memory that outlives the worker: whatever instruction a worker dies at, the
/// next one finds the old value or the new one. A slot is taken once, by the first value of a name, and holds two values, of
/// which its state tells the good one: the other is written first, then the state, in one store. One thread writes.
/// </summary>
/// <param name="memory">Zeros at first.</param>
/// <param name="offset">Where the store begins in it; a multiple of 8.</param>
public sealed class ValueStore(SharedMemory memory, int offset)
{
    /// <summary>Bytes of memory that it needs; pages are touched only as slots are taken.</summary>
    public const int Size = Slots * SlotSize;

    internal const int LongestName = 78;
    internal const int LongestValue = 256;

    internal const int Slots = 192;
    internal const int SlotSize = 640;

    // Two state bits (0: free, 1 and 2: which half is good), a name with its length, two values with theirs.
    internal const int NameOffset = 8;
    internal const int HalvesOffset = 96;
    internal const int HalfSize = 272;

    /// <summary>The value of a name; false where none was written.</summary>
    public bool TryRead(string name, out ReadOnlySpan<byte> value)
    {
        int slot = Find(name, out _);
        value = slot < 0 ? default : ReadWord(HalfOf(slot, State(slot) - 1), LongestValue);
        return slot >= 0;
    }

    /// <summary>False where the store is full, or the name or the value too long.</summary>
    public bool TryWrite(string name, ReadOnlySpan<byte> value)
    {
        if (value.Length > LongestValue)
        {
            return false;
        }

        int slot = Find(name, out int free);
        if (slot >= 0)
        {
            int other = 3 - State(slot);
            WriteWord(HalfOf(slot, other - 1), value);
            Volatile.Write(ref State(slot), other);
            return true;
        }

        Span<byte> bytes = stackalloc byte[LongestName];
        if (free < 0 || !Encoding.UTF8.TryGetBytes(name, bytes, out int length))
        {
            return false;
        }

        // A slot that was being taken when its writer died is still free.
        WriteWord(NameOf(free), bytes[..length]);
        WriteWord(HalfOf(free, 0), value);
        Volatile.Write(ref State(free), 1);
        return true;
    }

    int Find(string name, out int free)
    {
        free = -1;
        Span<byte> bytes = stackalloc byte[LongestName];
        if (!Encoding.UTF8.TryGetBytes(name, bytes, out int length))
        {
            return -1;
        }

        // Slots are taken in their order: the first free one ends the search.
        for (int slot = 0; slot < Slots; slot++)
        {
            if (Volatile.Read(ref State(slot)) is not (1 or 2))
            {
                free = slot;
                return -1;
            }

            if (ReadWord(NameOf(slot), LongestName).SequenceEqual(bytes[..length]))
            {
                return slot;
            }
        }

        return -1;
    }

    ref int State(int slot) => ref memory.At<int>(offset + (slot * SlotSize));

    int NameOf(int slot) => offset + (slot * SlotSize) + NameOffset;

    int HalfOf(int slot, int half) => offset + (slot * SlotSize) + HalvesOffset + (half * HalfSize);

    ReadOnlySpan<byte> ReadWord(int at, int longest) =>
        memory.Slice(at + sizeof(int), Math.Clamp(memory.At<int>(at), 0, longest));

    void WriteWord(int at, ReadOnlySpan<byte> bytes)
    {
        memory.At<int>(at) = bytes.Length;
        bytes.CopyTo(memory.Slice(at + sizeof(int), bytes.Length));
    }
}
