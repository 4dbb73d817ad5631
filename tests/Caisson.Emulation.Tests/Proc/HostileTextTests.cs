using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;
using Caisson.Tests;
using CsCheck;

namespace Caisson.Emulation.Tests.Proc;

/// <summary>Texts that no kernel prints, or not yet: nothing of them ends a view.</summary>
public sealed class HostileTextTests
{
    static readonly string[] Samples =
    [
        "host/meminfo", "host/stat", "host/cpuinfo", "host/cpuinfo.arm64", "host/vmstat", "host/diskstats",
        "memory.stat.1", "memory.stat.2", "cpuacct.usage_all", "cpu.stat", "io.stat", "blkio.bytes", "blkio.operations",
    ];

    static readonly Gen<byte[]> Odd = Gen.OneOf(
        Gen.Byte.Array[0, 300],
        Gen.Char["0123456789 :\t\n-cpuMem"].Array[0, 300].Select(text => text.Select(one => (byte)one).ToArray()),
        Gen.Select(Gen.Int[0, Samples.Length - 1].Select(i => Samples[i]), Gen.Int[0, 4000], Gen.Byte, Gen.Int[0, 8000]).Select((sample, at, one, length) =>
        {
            byte[] bytes = Golden.Read($"emulation/{sample}");
            bytes[at % bytes.Length] = one;
            return bytes[..Math.Min(length, bytes.Length)];
        }));

    [Fact]
    public void Any_bytes_from_the_kernel_are_taken() => Gen.Select(Odd, Odd).Sample((one, other) =>
    {
        ContentBuffer content = new();
        CpuShare cpus = new();
        cpus.Online.Parse(one);
        cpus.Allowed.Parse(other);
        cpus.Usage.ParseVersion2(other);
        cpus.Usage.ParseVersion1(one);
        cpus.Limit(3);
        for (int version = 1; version <= 2; version++)
        {
            bool isVersion2 = version == 2;
            MemoryFacts facts = new() { Limit = 1 << 20, Usage = 1 << 21, SwapLimit = 5, SwapUsage = 7, Stat = MemoryStat.Parse(other, isVersion2) };
            Meminfo.Render(one, facts, content);
            VmStat.Render(one, new VmFacts(facts, 1, 2), content);
            DiskStats.Render(one, other, one, isVersion2, content);
        }

        ProcStat.Render(one, new StatFacts { Cpus = cpus, Age = 1_000_000_000, Start = 5, Running = 1, Baseline = StatBaseline.Parse(other) }, content);
        CpuInfo.Render(one, cpus, content);
        LoadAverage.InnermostPid(one, 1);
    });
}
