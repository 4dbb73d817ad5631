using System.Runtime.InteropServices;

namespace Caisson.Benchmarks;

/// <summary>What the figures depend on.</summary>
sealed record Machine(string Processor, int Processors, string Kernel, string Cgroups, string System, double Load)
{
    public static Machine Describe()
    {
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(it => it.StartsWith("model name", StringComparison.Ordinal)) ?? "";
        string release = File.ReadLines("/etc/os-release").FirstOrDefault(it => it.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) ?? "";
        return new Machine(
            model.Length == 0 ? RuntimeInformation.ProcessArchitecture.ToString() : model.Split(':')[1].Trim(),
            Environment.ProcessorCount,
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "v2" : Directory.Exists("/sys/fs/cgroup/unified") ? "hybrid" : "v1",
            release.Split('=')[^1].Trim('"'),
            LoadNow());
    }

    public static double LoadNow() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]);

    public override string ToString() =>
        $"{Processors} × {Processor}, Linux {Kernel}, cgroups {Cgroups}, {System}; load before: {Load:0.0}";
}
