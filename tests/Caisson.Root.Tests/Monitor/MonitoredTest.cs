using System.Globalization;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Monitor;

/// <summary>A container that sleeps, has 256 MiB of memory and a monitor; and what the monitor's memory says.</summary>
public abstract class MonitoredTest : RootTest
{
    protected const string Panic = "/proc/sys/kernel/panic";

    private protected Bundle Sleeping(Action<JsonObject>? change = null) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        config.Linux()["resources"]!.AsObject()["memory"] = Config.Json(new { limit = 256 << 20 });
        change?.Invoke(config);
    }).Launch();

    protected static bool IsRunning(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private protected string MemoryOf(Bundle bundle) => $"{States}/{bundle.Id}/monitor.memory";

    /// <summary>Kills the worker; each next one ends at its start, until what is to be seen then has been seen.</summary>
    private protected void WithFailingWorkers(Bundle bundle, ViewMonitor monitor, int quickEnds, Action? look = null, int seconds = 10)
    {
        string memory = MemoryOf(bundle);
        // A worker that serves has looked at the version.
        bundle.Shell($"cat {Panic}");
        int worker = monitor.Worker;
        // No worker takes up a memory of a version that it does not know.
        SetByte(memory, 0, 99);
        try
        {
            monitor.Kill(worker);
            Eventually(() => QuickEndsOf(memory) >= quickEnds, "several workers fail", seconds);
            look?.Invoke();
        }
        finally
        {
            // Else the container could not even be removed.
            SetByte(memory, 0, 1);
        }
    }

    // Offsets of MonitorMemory: the command itself refuses a memory of another version.
    protected static int WorkerOf(string memory) => IntAt(memory, 24);

    protected static int RestartsOf(string memory) => IntAt(memory, 40);

    protected static int QuickEndsOf(string memory) => IntAt(memory, 48);

    protected static int IntAt(string path, int offset)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[4];
        file.Position = offset;
        file.ReadExactly(bytes);
        return BitConverter.ToInt32(bytes);
    }

    protected static void SetByte(string path, int offset, byte value)
    {
        using FileStream file = File.OpenWrite(path);
        file.Position = offset;
        file.WriteByte(value);
    }

    protected static long Switches(int pid) => File.ReadAllLines($"/proc/{pid}/status")
        .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture));

    protected static long Pss(int pid) => File.ReadAllLines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
}
