using System.Buffers.Binary;
using Caisson.Emulation.Proc;
using Caisson.Kernel;

namespace Caisson.Emulation.Syscalls;

public sealed partial class CallHandlers
{
    const int PageSize = 4096;

    /// <summary>struct sysinfo of linux/sysinfo.h: 112 bytes with 64-bit words; 64 with 32-bit words, which count pages here.</summary>
    public Answer Sysinfo(Tracee tracee)
    {
        Span<byte> bytes = stackalloc byte[112];
        int length = Render(_facts(tracee.Pid), tracee.Is64Bit, bytes);
        // Ours to write only if the caller is the one that asked.
        if (!tracee.IsStillThere)
        {
            return Answer.Continue;
        }

        return tracee.Write(0, bytes[..length]) ? Answer.Success : Answer.Failure(Errno.EFAULT);
    }

    static int Render(in SystemFacts facts, bool is64Bit, Span<byte> bytes)
    {
        bytes.Clear();
        int width = is64Bit ? 8 : 4;
        long unit = is64Bit ? 1 : PageSize;
        ReadOnlySpan<long> words =
        [
            facts.Uptime, facts.Load1, facts.Load5, facts.Load15, facts.TotalRam / unit, facts.FreeRam / unit, facts.SharedRam / unit,
            facts.BufferRam / unit, facts.TotalSwap / unit, facts.FreeSwap / unit,
        ];
        for (int i = 0; i < words.Length; i++)
        {
            if (is64Bit)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * 8)..], words[i]);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i * 4)..], (uint)words[i]);
            }
        }

        int procs = words.Length * width;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[procs..], (ushort)Math.Min(facts.Processes, ushort.MaxValue));
        // Two 16-bit words, padded to a word; then two words for high memory, which there is none of.
        int memoryUnit = procs + width + (2 * width);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[memoryUnit..], (uint)unit);
        return is64Bit ? 112 : 64;
    }
}
