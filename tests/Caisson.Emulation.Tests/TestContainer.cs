using Caisson.Emulation.Proc;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Memory;
using Caisson.Kernel.Processes;

namespace Caisson.Emulation.Tests;

/// <summary>Containers that only the emulation sees.</summary>
static class TestContainer
{
    public const string Id = "0123456789abcdef";

    public static ContainerView View(Dictionary<string, string> cgroups) => new()
    {
        Id = Id,
        RootUid = 100000,
        RootGid = 100000,
        StartedAt = Clock.BootTime - 100_000_000_000,
        Cgroups = cgroups,
    };

    public static SharedMemory Memory(int size = ValueStore.Size)
    {
        using Fd file = MemoryFile.Create("values", []);
        return SharedMemory.Map(file, size, "values");
    }

    public static ValueStore Values() => new(Memory(), 0);
}
