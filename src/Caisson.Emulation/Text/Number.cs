namespace Caisson.Emulation.Text;

/// <summary>Decimal numbers as the kernel prints them.</summary>
static class Number
{
    /// <summary>The digits that the text begins with; what is too large is the largest.</summary>
    /// <returns>How many bytes they take; 0 where the text begins with none.</returns>
    public static int Parse(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        int length = 0;
        while (length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9')
        {
            int digit = text[length++] - '0';
            number = number > (long.MaxValue - digit) / 10 ? long.MaxValue : (number * 10) + digit;
        }

        return length;
    }

    public static long ParseOr(long otherwise, ReadOnlySpan<byte> text) => Parse(text, out long number) > 0 ? number : otherwise;
}
