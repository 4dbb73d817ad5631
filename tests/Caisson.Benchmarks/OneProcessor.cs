namespace Caisson.Benchmarks;

/// <summary>
/// While it lives, this program and all that it starts runs on one processor. Two processes that talk in turn take as long there
/// whatever else the machine does; with more processors it depends on whether the other one is asleep, and how deeply.
/// </summary>
sealed class OneProcessor : IDisposable
{
    const string Allowed = "Cpus_allowed_list:";

    readonly string _former = File.ReadLines("/proc/self/status")
        .First(line => line.StartsWith(Allowed, StringComparison.Ordinal))[Allowed.Length..].Trim();

    // The last one: the first has more interrupts.
    public OneProcessor() => Set(_former.Split(',', '-')[^1]);

    public void Dispose() => Set(_former);

    static void Set(string processors) => Script.Run("taskset", "--all-tasks", "--pid", "--cpu-list", processors, $"{Environment.ProcessId}");
}
