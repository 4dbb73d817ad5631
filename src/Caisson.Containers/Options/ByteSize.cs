using System.Globalization;

namespace Caisson.Containers.Options;

/// <summary>Sizes as people write them.</summary>
public static class ByteSize
{
    const string Units = "kmgtp";

    /// <summary>Bytes, or with a unit of powers of 1024, as runc takes them: 50M, 1g, 512kb, 2GiB. Null for what is none.</summary>
    public static long? TryParse(string text)
    {
        string lower = text.ToLowerInvariant();
        lower = lower.Length > 1 && lower[^1] == 'b' ? lower[..^1].TrimEnd('i') : lower;
        int power = lower.Length > 0 ? Units.IndexOf(lower[^1]) + 1 : 0;
        long unit = 1L << (10 * power);
        ReadOnlySpan<char> digits = lower.AsSpan(0, lower.Length - Math.Min(power, 1));
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count <= long.MaxValue / unit
            ? count * unit
            : null;
    }
}
