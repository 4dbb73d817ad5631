namespace Caisson.Benchmarks;

/// <summary>A runtime with the options that each of its commands begins with.</summary>
/// <param name="View">Where its commands run; none: as this program.</param>
sealed record Contender(string Name, string Description, string[] CommandLine, MountView? View)
{
    /// <summary>The container; its cgroup has the same name, and two runtimes must not share one.</summary>
    public string Id { get; } = $"cbench{Environment.ProcessId}-{Name.Replace(' ', '-')}";

    public Cost Run(string errors, params string[] arguments) => InView(() => MeasuredProcess.Run(errors, [.. CommandLine, .. arguments]));

    public long Peak(string errors, params string[] arguments) => InView(() => MeasuredProcess.Peak(errors, [.. CommandLine, .. arguments]));

    T InView<T>(Func<T> action) => View is null ? action() : View.Run(action);
}
