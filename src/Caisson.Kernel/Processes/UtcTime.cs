namespace Caisson.Kernel.Processes;

/// <summary>
/// The time of day as RFC 3339 has it. By hand: what the library formats dates with knows cultures, calendars and time zones, some
/// hundred kilobytes that every command would carry.
/// </summary>
public static class UtcTime
{
    /// <summary>As <c>2026-01-02T03:04:05</c>, the fraction of the second, and <c>Z</c>.</summary>
    /// <param name="digits">Of the fraction, up to 7.</param>
    public static string Now(int digits)
    {
        DateTime now = DateTime.UtcNow;
        string fraction = digits == 0 ? "" : $".{now.Ticks % TimeSpan.TicksPerSecond:D7}"[..(digits + 1)];
        return $"{now.Year:D4}-{now.Month:D2}-{now.Day:D2}T{now.Hour:D2}:{now.Minute:D2}:{now.Second:D2}{fraction}Z";
    }
}
