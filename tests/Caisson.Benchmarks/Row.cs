namespace Caisson.Benchmarks;

/// <summary>One line of the report: what one runtime did in one kind of measurement.</summary>
/// <param name="Values">Single values, in the unit.</param>
/// <param name="Processor">Milliseconds of user and system time of each run; empty where they say nothing.</param>
sealed record Row(string What, string Runtime, Unit Unit, IReadOnlyList<double> Values, IReadOnlyList<double> Processor)
{
    public Spread Spread { get; } = Spread.Of(Values);

    public static Row OfTimes(string what, string runtime, IReadOnlyList<Cost> costs, bool withProcessor = true) =>
        new(what, runtime, Unit.Milliseconds, [.. costs.Select(it => it.Wall.TotalMilliseconds)],
            withProcessor ? [.. costs.Select(it => it.Processor.TotalMilliseconds)] : []);

    /// <summary>Of the probe's times, which are nanoseconds.</summary>
    public static Row OfProbe(string what, string runtime, Unit unit, IEnumerable<long> nanoseconds) =>
        new(what, runtime, unit, [.. nanoseconds.Select(it => it / (unit == Unit.Microseconds ? 1e3 : 1e6))], []);

    public static Row OfBytes(string what, string runtime, IEnumerable<long> bytes) =>
        new(what, runtime, Unit.Bytes, [.. bytes.Select(it => (double)it)], []);

    public static Row OfCount(string what, string runtime, long count) => new(what, runtime, Unit.Count, [count], []);
}
