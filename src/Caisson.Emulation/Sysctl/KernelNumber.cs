namespace Caisson.Emulation.Sysctl;

/// <summary>Numbers as written to /proc/sys: proc_get_long of kernel/sysctl.c.</summary>
static class KernelNumber
{
    // TMPBUFLEN less its NUL.
    const int Longest = 21;

    /// <summary>isspace of lib/ctype.c.</summary>
    public static ReadOnlySpan<byte> SkipSpaces(ReadOnlySpan<byte> text) =>
        text.TrimStart((ReadOnlySpan<byte>)[32, 9, 10, 11, 12, 13, 0xA0]);

    /// <summary>
    /// Takes a number from the beginning: an optional minus, then decimal, 0x hexadecimal or 0 octal digits, then a space, a tab,
    /// a line end or the end.
    /// </summary>
    public static bool TryTake(ref ReadOnlySpan<byte> text, out bool isNegative, out ulong number)
    {
        isNegative = text is [(byte)'-', _, ..];
        number = 0;
        ReadOnlySpan<byte> part = text[..Math.Min(text.Length, Longest)];
        int start = isNegative ? 1 : 0;
        if (start >= part.Length || part[start] is < (byte)'0' or > (byte)'9')
        {
            return false;
        }

        int digits = ParseDigits(part[start..], out number);
        int end = start + digits;
        // What fills the buffer may go on behind it.
        if (digits < 0 || end == Longest || (end < text.Length && text[end] is not ((byte)' ' or (byte)'\t' or (byte)'\n')))
        {
            return false;
        }

        text = text[end..];
        return true;
    }

    // -1 where the number has more than 64 bits.
    static int ParseDigits(ReadOnlySpan<byte> text, out ulong number)
    {
        number = 0;
        uint radix = text[0] != '0' ? 10u : text is [_, (byte)'x' or (byte)'X', _, ..] && DigitOf(text[2]) < 16 ? 16u : 8u;
        int i = radix == 16 ? 2 : 0;
        for (; i < text.Length && DigitOf(text[i]) is uint digit && digit < radix; i++)
        {
            if (number > (ulong.MaxValue - digit) / radix)
            {
                return -1;
            }

            number = (number * radix) + digit;
        }

        return i;
    }

    static uint DigitOf(byte one) => one switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(one - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(one - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(one - 'A' + 10),
        _ => uint.MaxValue,
    };
}
