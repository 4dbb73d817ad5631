using System.Buffers.Text;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>
/// A list of numbers (proc_dointvec_minmax, proc_douintvec_minmax, proc_doulongvec_minmax). Fewer than the list holds replace
/// its first ones; those beyond it are ignored.
/// </summary>
/// <param name="lowest">The smallest.</param>
/// <param name="highest">The largest.</param>
/// <param name="count">How many there are.</param>
/// <param name="isUnsigned">The kernel keeps it unsigned, and then takes no sign, not even that of -0.</param>
sealed class IntegerForm(long lowest, ulong highest, int count = 1, bool isUnsigned = false) : IValueForm
{
    // proc_dointvec and its like look at no more.
    const int LongestWrite = 4095;

    public string Description => (count == 1 ? "" : $"{count} numbers, ") + (lowest, highest) switch
    {
        (int.MinValue, int.MaxValue) => "32-bit number",
        (0, ulong.MaxValue) => "64-bit number from 0",
        _ when (ulong)lowest == highest => $"{lowest}",
        (_, int.MaxValue) => $"32-bit number from {lowest}",
        _ => $"{lowest} to {highest}",
    };

    public Errno Apply(ReadOnlySpan<byte> old, long offset, ReadOnlySpan<byte> data, ContentBuffer value, out bool isNew)
    {
        isNew = false;
        if (offset > 0 || data.IsEmpty)
        {
            return Errno.None;
        }

        ReadOnlySpan<byte> rest = data[..Math.Min(data.Length, LongestWrite)];
        Words before = new(old);
        Errno errno = Errno.None;
        int taken = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> kept = before.Next();
            rest = errno == Errno.None ? KernelNumber.SkipSpaces(rest) : default;
            if (rest.IsEmpty)
            {
                Append(value, kept);
            }
            else if (KernelNumber.TryTake(ref rest, out bool isNegative, out ulong magnitude) && Fits(isNegative, magnitude))
            {
                Append(Append(value, default), isNegative && magnitude != 0, magnitude);
                taken++;
            }
            else
            {
                errno = Errno.EINVAL;
                Append(value, kept);
            }
        }

        isNew = taken > 0;
        return isNew ? errno : Errno.EINVAL;
    }

    static ContentBuffer Append(ContentBuffer value, ReadOnlySpan<byte> word) =>
        (value.Length == 0 ? value : value.Append((byte)'\t')).Append(word);

    static void Append(ContentBuffer value, bool isNegative, ulong magnitude)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(magnitude, digits, out int length);
        value.Append(isNegative ? "-"u8 : default).Append(digits[..length]);
    }

    bool Fits(bool isNegative, ulong magnitude) => isNegative
        ? !isUnsigned && -(Int128)magnitude >= lowest && -(Int128)magnitude <= highest
        : (Int128)magnitude >= lowest && magnitude <= highest;
}
