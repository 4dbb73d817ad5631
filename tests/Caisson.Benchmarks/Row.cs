namespace Caisson.Benchmarks;

/// <summary>One line of the report: what one runtime did in one kind of measurement.</summary>
/// <param name="Values">Milliseconds, or bytes.</param>
/// <param name="Processor">Milliseconds of user and system time of each run; empty where they say nothing.</param>
sealed record Row(string What, string Runtime, bool InBytes, IReadOnlyList<double> Values, IReadOnlyList<double> Processor)
{
    public Spread Spread { get; } = Spread.Of(Values);

    public static Row OfTimes(string what, string runtime, IReadOnlyList<Cost> costs, bool withProcessor = true) =>
        new(what, runtime, false, [.. costs.Select(it => it.Wall.TotalMilliseconds)],
            withProcessor ? [.. costs.Select(it => it.Processor.TotalMilliseconds)] : []);

    public static Row OfBytes(string what, string runtime, IEnumerable<long> bytes) => new(what, runtime, true, [.. bytes.Select(it => (double)it)], []);
}
