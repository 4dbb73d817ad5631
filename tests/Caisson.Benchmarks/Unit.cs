namespace Caisson.Benchmarks;

/// <summary>What a measured number counts.</summary>
enum Unit
{
    Milliseconds,
    Microseconds,
    Bytes,
    Count,
}

/// <summary>How numbers are shown to people: bytes as MiB.</summary>
static class Units
{
    const double MiB = 1024 * 1024;

    extension(Unit unit)
    {
        public string Symbol => unit switch
        {
            Unit.Milliseconds => "ms",
            Unit.Microseconds => "µs",
            Unit.Bytes => "MiB",
            _ => "count",
        };

        public string Format(double value) => unit switch
        {
            Unit.Bytes => $"{value / MiB:0.00}",
            Unit.Count => $"{value:0}",
            _ => $"{value:0.0}",
        };

        /// <summary>A limit, as short as it can be said.</summary>
        public string FormatLimit(double value) => unit switch
        {
            Unit.Bytes => $"{value / MiB:0.##} MiB",
            Unit.Count => $"{value:0.##}",
            _ => $"{value:0.##} {unit.Symbol}",
        };
    }
}
