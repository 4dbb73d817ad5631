namespace Caisson.Benchmarks;

/// <summary>A promise of docs/numbers.md, where the same table stands.</summary>
/// <param name="What">The group of measurements.</param>
/// <param name="Runtime">Whose median counts.</param>
/// <param name="Baseline">Whose median it is divided by; none: the limit is absolute.</param>
/// <param name="Limit">The most it may be: a ratio, or a number of the unit.</param>
sealed record Budget(string What, string Runtime, string? Baseline, double Limit, Unit Unit = Unit.Bytes)
{
    const double MiB = 1024 * 1024;

    public static readonly Budget[] All =
    [
        new(Groups.Run, Runtimes.Plain, Runtimes.Crun, 1.0),
        new(Groups.Run, Runtimes.System, Runtimes.Runc, 0.5),
        new(Groups.Run, Runtimes.System, Runtimes.WithoutView, 1.3),
        new(Groups.Exec, Runtimes.Plain, Runtimes.Crun, 1.0),
        new(Groups.Exec, Runtimes.System, Runtimes.Crun, 1.0),
        new(Groups.Memory, Runtimes.Plain, null, 6 * MiB),
        new(Groups.Memory, Runtimes.System, null, 6 * MiB),
        new(Groups.Size, Runtimes.Binary, null, 8 * MiB),
        .. OfView(""),
        .. OfView(Groups.OneProcessor),
        new(Groups.Read(ViewFiles.Namespaced), Runtimes.System, Runtimes.Kernel, 1.2),
        new(Groups.Write(ViewFiles.Namespaced), Runtimes.System, Runtimes.Kernel, 1.2),
        new(Groups.IdleMemory, Runtimes.Untouched, null, 4 * MiB),
        new(Groups.IdleMemory, Runtimes.Touched, null, 4 * MiB),
        new(Groups.IdleSwitches, Runtimes.Untouched, null, 0, Unit.Count),
        new(Groups.IdleSwitches, Runtimes.Touched, null, 0, Unit.Count),
        new(Groups.Nested, Runtimes.System, Runtimes.Privileged, 1.05),
        new(Groups.Inner, Runtimes.System, Runtimes.WithoutView, 1.1),
    ];

    public string Text => Baseline is null ? $"≤ {Unit.FormatLimit(Limit)}" : $"≤ {Limit:0.##} × {Baseline}";

    static IEnumerable<Budget> OfView(string where) =>
    [
        .. ViewFiles.All.Select(path => new Budget(Groups.Read(path) + where, Runtimes.System, null, 60, Unit.Microseconds)),
        .. ViewFiles.OfLxcfs.Select(path => new Budget(Groups.Read(path) + where, Runtimes.System, Runtimes.Lxcfs, 0.7)),
        new(Groups.Mount("tmpfs") + where, Runtimes.System, Runtimes.Kernel, 3.0),
    ];

    /// <summary>What the limit is for: the median, or its ratio to the baseline's; null when that was not measured.</summary>
    public double? Measured(IReadOnlyList<Row> rows)
    {
        Row? row = rows.FirstOrDefault(it => it.What == What && it.Runtime == Runtime);
        Row? baseline = rows.FirstOrDefault(it => it.What == What && it.Runtime == Baseline);
        return Baseline is null ? row?.Spread.Median : row?.Spread.Median / baseline?.Spread.Median;
    }

    /// <summary>Whether it is kept; null when it was not measured.</summary>
    public bool? IsKept(IReadOnlyList<Row> rows) => Measured(rows) is { } measured ? measured <= Limit : null;

    /// <summary>The budget with what became of it.</summary>
    public string Verdict(IReadOnlyList<Row> rows) => Measured(rows) is not { } measured
        ? $"{Text}  not measured"
        : $"{Text}{(Baseline is null ? "" : $": {measured:0.00}")}  {(measured <= Limit ? "ok" : "over")}";
}
