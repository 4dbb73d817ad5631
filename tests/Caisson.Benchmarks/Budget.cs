namespace Caisson.Benchmarks;

/// <summary>A promise of docs/numbers.md, where the same table stands.</summary>
/// <param name="What">The group of measurements.</param>
/// <param name="Runtime">Whose median counts.</param>
/// <param name="Baseline">Whose median it is divided by; none: the limit is absolute.</param>
/// <param name="Limit">The most it may be: a ratio, or bytes.</param>
sealed record Budget(string What, string Runtime, string? Baseline, double Limit)
{
    const double MiB = 1024 * 1024;

    public static readonly Budget[] All =
    [
        new(Groups.Run, Runtimes.Plain, Runtimes.Crun, 1.0),
        new(Groups.Run, Runtimes.System, Runtimes.Runc, 0.5),
        new(Groups.Exec, Runtimes.Plain, Runtimes.Crun, 1.0),
        new(Groups.Exec, Runtimes.System, Runtimes.Crun, 1.0),
        new(Groups.Memory, Runtimes.Plain, null, 6 * MiB),
        new(Groups.Memory, Runtimes.System, null, 6 * MiB),
        new(Groups.Size, Runtimes.Binary, null, 8 * MiB),
        new(Groups.Nested, Runtimes.System, Runtimes.Privileged, 1.05),
    ];

    public string Text => Baseline is null ? $"≤ {Limit / MiB:0.##} MiB" : $"≤ {Limit:0.##} × {Baseline}";

    /// <summary>Whether it is kept; null when it was not measured.</summary>
    public bool? IsKept(IReadOnlyList<Row> rows)
    {
        Row? row = rows.FirstOrDefault(it => it.What == What && it.Runtime == Runtime);
        Row? baseline = rows.FirstOrDefault(it => it.What == What && it.Runtime == Baseline);
        return row is null || (Baseline is not null && baseline is null)
            ? null
            : row.Spread.Median / (baseline?.Spread.Median ?? 1) <= Limit;
    }
}
