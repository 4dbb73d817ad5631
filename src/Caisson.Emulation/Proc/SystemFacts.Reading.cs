using Caisson.Emulation.Sources;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Proc;

public readonly partial record struct SystemFacts
{
    const long Nanoseconds = 1_000_000_000;

    /// <summary>The same numbers as in /proc/uptime, loadavg and meminfo.</summary>
    internal static SystemFacts Read(Viewpoint from)
    {
        sysinfo host = SystemInformation.Read();
        long unit = Math.Max(1, host.mem_unit);
        LoadAverages loads = from.Load.Update(from.Age, CpuReading.TotalOf(from));
        MemoryFacts memory = MemoryReading.Read(from, (long)host.totalram * unit, (long)host.totalswap * unit);
        return new SystemFacts
        {
            Uptime = from.Age / Nanoseconds,
            Load1 = loads.Load1,
            Load5 = loads.Load5,
            Load15 = loads.Load15,
            TotalRam = memory.IsLimited ? memory.Limit : (long)host.totalram * unit,
            FreeRam = memory.IsLimited ? memory.Free : (long)host.freeram * unit,
            SharedRam = memory.IsLimited ? memory[MemoryField.Shmem] : (long)host.sharedram * unit,
            BufferRam = memory.IsLimited ? 0 : (long)host.bufferram * unit,
            TotalSwap = memory.IsSwapLimited ? memory.SwapLimit : (long)host.totalswap * unit,
            FreeSwap = memory.IsSwapLimited ? memory.SwapFree : (long)host.freeswap * unit,
            Processes = LoadAverage.ThreadsOf(from),
        };
    }
}
