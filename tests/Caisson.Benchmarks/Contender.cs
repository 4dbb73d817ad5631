namespace Caisson.Benchmarks;

/// <summary>A runtime with the options that each of its commands begins with.</summary>
/// <param name="View">Where its commands run; none: as this program.</param>
/// <param name="IsViewOff">Whether its containers' bundles ask for the kernel's /proc and /sys.</param>
sealed record Contender(string Name, string Description, string[] CommandLine, MountView? View, bool IsViewOff = false)
{
    /// <summary>The container; its cgroup has the same name, and two runtimes must not share one.</summary>
    public string Id { get; } = $"cbench{Environment.ProcessId}-{Name.Replace(",", "", StringComparison.Ordinal).Replace(' ', '-')}";

    public Cost Run(string errors, params string[] arguments) => InView(() => MeasuredProcess.Run(errors, [.. CommandLine, .. arguments]));

    public long Peak(string errors, params string[] arguments) => InView(() => MeasuredProcess.Peak(errors, [.. CommandLine, .. arguments]));

    /// <summary>What a command prints; it must succeed.</summary>
    public string Output(params string[] arguments) => InView(() => Script.Run(CommandLine[0], [.. CommandLine[1..], .. arguments]));

    /// <summary>Whether there was one.</summary>
    public bool TryDelete(string errors, string id)
    {
        try
        {
            Run(errors, "delete", "--force", id);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    T InView<T>(Func<T> action) => View is null ? action() : View.Run(action);
}
