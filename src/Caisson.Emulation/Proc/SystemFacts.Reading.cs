using Caisson.Emulation.Sources;

namespace Caisson.Emulation.Proc;

public readonly partial record struct SystemFacts
{
    const long Nanoseconds = 1_000_000_000;

    /// <summary>The same numbers as in /proc/uptime, loadavg and meminfo.</summary>
    internal static SystemFacts Read(Viewpoint from)
    {
        LoadAverages loads = from.Load.Update(from.Age, CpuReading.TotalOf(from));
        from.Host.TryRead(HostFile.MemInfo, from.Text);
        MemoryFacts memory = Meminfo.FactsFor(from);
        return new SystemFacts
        {
            Uptime = from.Age / Nanoseconds,
            Load1 = loads.Load1,
            Load5 = loads.Load5,
            Load15 = loads.Load15,
            TotalRam = memory.IsLimited ? memory.Limit : OnHost(from, "MemTotal"u8),
            FreeRam = memory.IsLimited ? memory.Free : OnHost(from, "MemFree"u8),
            SharedRam = memory.IsLimited ? memory[MemoryField.Shmem] : OnHost(from, "Shmem"u8),
            BufferRam = memory.IsLimited ? 0 : OnHost(from, "Buffers"u8),
            TotalSwap = memory.IsSwapLimited ? memory.SwapLimit : OnHost(from, "SwapTotal"u8),
            FreeSwap = memory.IsSwapLimited ? Math.Max(0, memory.SwapLimit - memory.SwapUsage) : OnHost(from, "SwapFree"u8),
            Processes = LoadAverage.ThreadsOf(from),
        };
    }

    static long OnHost(Viewpoint from, ReadOnlySpan<byte> name) => Meminfo.BytesOf(from.Text.Bytes, name);
}
