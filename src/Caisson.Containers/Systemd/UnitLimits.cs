using System.Globalization;
using Caisson.Containers.Cgroups;
using Caisson.Oci;

namespace Caisson.Containers.Systemd;

/// <summary>
/// Limits in systemd's words, from the writes that set them. systemd has to know of them, as it writes its own values whenever
/// it reads its configuration anew; what it has no word for it leaves alone.
/// </summary>
public static class UnitLimits
{
    /// <summary>Microseconds of one percent of a second: systemd counts quotas so, and would round down.</summary>
    const ulong Percent = 10_000;

    const ulong Second = 1_000_000;

    /// <param name="writes">Of <see cref="ResourcePlanner"/>.</param>
    public static IReadOnlyList<UnitProperty> Of(IReadOnlyList<CgroupWrite> writes)
    {
        Dictionary<string, string> values = [];
        foreach (CgroupWrite write in writes)
        {
            // Those of single devices have lines of their own.
            if (!write.Value.Contains(':'))
            {
                values[write.File] = write.Value;
            }
        }

        List<UnitProperty> properties = [];
        foreach ((string file, string value) in values)
        {
            properties.AddRange(Of(file, value, values));
        }

        return properties;
    }

    static IEnumerable<UnitProperty> Of(string file, string value, Dictionary<string, string> all) => file switch
    {
        "cpu.weight" => [UnitProperty.Of("CPUWeight", Number(value))],
        "cpu.shares" => [UnitProperty.Of("CPUShares", Number(value))],
        "cpu.max" when value.Split(' ') is [string quota, string period] => Quota(quota, period),
        "cpu.cfs_quota_us" => Quota(value, all.GetValueOrDefault("cpu.cfs_period_us", "100000")),
        "cpuset.cpus" => [UnitProperty.Of("AllowedCPUs", Bits(value))],
        "cpuset.mems" => [UnitProperty.Of("AllowedMemoryNodes", Bits(value))],
        "memory.max" => [UnitProperty.Of("MemoryMax", Number(value))],
        "memory.high" => [UnitProperty.Of("MemoryHigh", Number(value))],
        "memory.low" => [UnitProperty.Of("MemoryLow", Number(value))],
        "memory.min" => [UnitProperty.Of("MemoryMin", Number(value))],
        "memory.swap.max" => [UnitProperty.Of("MemorySwapMax", Number(value))],
        "memory.limit_in_bytes" => [UnitProperty.Of("MemoryLimit", Number(value))],
        "io.weight" => [UnitProperty.Of("IOWeight", Number(value))],
        "blkio.weight" => [UnitProperty.Of("BlockIOWeight", Number(value))],
        "pids.max" => [UnitProperty.Of("TasksMax", Number(value))],
        _ => [],
    };

    static IEnumerable<UnitProperty> Quota(string quota, string period)
    {
        (ulong used, ulong of) = (Number(quota), Math.Max(Number(period), 1));
        ulong perSecond = used == ulong.MaxValue ? used : (used * Second / of + Percent - 1) / Percent * Percent;
        return [UnitProperty.Of("CPUQuotaPerSecUSec", perSecond), UnitProperty.Of("CPUQuotaPeriodUSec", of)];
    }

    // "max" and -1 are infinity, to systemd the largest number.
    static ulong Number(string value) => ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong number) ? number : ulong.MaxValue;

    // A list such as 0-3,7 as a bit mask, lowest first.
    static byte[] Bits(string list)
    {
        IReadOnlyList<int> numbers = NumberList.TryParse(list) ?? throw new UserError(
            $"/linux/resources/cpu: \"{list}\" is no list of CPUs or memory nodes", "write such as 0-3,7");
        byte[] bits = new byte[numbers.Count == 0 ? 0 : numbers.Max() / 8 + 1];
        foreach (int number in numbers)
        {
            bits[number / 8] |= (byte)(1 << (number % 8));
        }

        return bits;
    }
}
