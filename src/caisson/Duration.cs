namespace Caisson.Cli;

/// <summary>Durations as Go prints them: 500ms, 5s, 1m, 1m30s.</summary>
static class Duration
{
    public static TimeSpan Parse(string text)
    {
        TimeSpan sum = TimeSpan.Zero;
        int at = 0;
        while (at < text.Length)
        {
            int digits = at;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            {
                digits++;
            }

            int unit = digits;
            while (unit < text.Length && char.IsAsciiLetter(text[unit]))
            {
                unit++;
            }

            if (!double.TryParse(text.AsSpan(at, digits - at), System.Globalization.CultureInfo.InvariantCulture, out double number)
                || Unit(text[digits..unit]) is not { } one)
            {
                throw Unfit(text);
            }

            sum += number * one;
            at = unit;
        }

        return sum > TimeSpan.Zero ? sum : throw Unfit(text);
    }

    static TimeSpan? Unit(string name) => name switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => null,
    };

    static UsageException Unfit(string text) => new($"\"{text}\" is no duration: write 500ms, 5s or 1m30s");
}
