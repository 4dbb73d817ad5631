using System.Buffers;

namespace Caisson.Oci;

public static partial class SpecValidator
{
    static readonly SearchValues<char> InPageSizes = SearchValues.Create("0123456789KMGTPEB");

    static void CheckResources(Findings findings, LinuxResources resources, string at)
    {
        CheckDeviceRules(findings, resources.Devices, $"{at}/devices");
        CheckMemory(findings, resources.Memory, $"{at}/memory");
        CheckNumberList(findings, resources.Cpu?.Cpus, $"{at}/cpu/cpus");
        CheckNumberList(findings, resources.Cpu?.Mems, $"{at}/cpu/mems");
        CheckWeight(findings, resources.BlockIo?.Weight, $"{at}/blockIO/weight");
        CheckWeight(findings, resources.BlockIo?.LeafWeight, $"{at}/blockIO/leafWeight");
        CheckHugepages(findings, resources.HugepageLimits, $"{at}/hugepageLimits");
        CheckUnified(findings, resources.Unified, $"{at}/unified");
        foreach (string device in resources.Rdma?.Keys ?? [])
        {
            findings.NoNul(device, $"{at}/rdma/{Problem.Step(device)}");
        }

        for (int i = 0; i < resources.Network?.Priorities?.Length; i++)
        {
            CheckInterfaceName(findings, resources.Network.Priorities[i].Name, $"{at}/network/priorities/{i}/name");
        }
    }

    // Swap is memory and swap together; cgroup v2 wants the difference.
    static void CheckMemory(Findings findings, LinuxMemory? memory, string at)
    {
        if (memory is { Swap: > 0, Limit: > 0 } && memory.Swap < memory.Limit)
        {
            findings.Error($"{at}/swap", $"{memory.Swap} bytes of memory and swap are less than the memory limit",
                "use at least the value of limit");
        }
    }

    // Docker writes 0 for "not set".
    static void CheckWeight(Findings findings, ushort? weight, string at)
    {
        if (weight is (> 0 and < 10) or > 1000)
        {
            findings.Error(at, $"weight {weight} is out of range", "use 10 to 1000");
        }
    }

    static void CheckHugepages(Findings findings, LinuxHugepageLimit[]? limits, string at)
    {
        for (int i = 0; i < limits?.Length; i++)
        {
            string size = limits[i].PageSize;
            bool isSize = size.EndsWith('B') && size.Length >= 2 && char.IsAsciiDigit(size[0])
                && !size.AsSpan().ContainsAnyExcept(InPageSizes);
            if (!isSize)
            {
                findings.Error($"{at}/{i}/pageSize", $"'{size.Replace('\0', '?')}' is not a page size",
                    "write it as 2MB or 1GB");
            }
        }
    }

    // The name becomes a path below the cgroup.
    static void CheckUnified(Findings findings, IReadOnlyDictionary<string, string>? files, string at)
    {
        foreach (string file in files?.Keys ?? [])
        {
            int dot = file.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || dot == file.Length - 1 || file.Contains('/'))
            {
                findings.Error($"{at}/{Problem.Step(file)}", "not a file of a cgroup",
                    "write it as controller.parameter, such as memory.high");
            }
        }

        findings.NoNul(files, at);
    }
}
