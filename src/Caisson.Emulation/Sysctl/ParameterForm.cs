using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>A number as files of sysfs take it (kstrtoul): nothing before it but a plus, nothing behind it but a line end.</summary>
sealed class ParameterForm(long lowest, long highest) : IValueForm
{
    public string Description => highest == uint.MaxValue ? "32-bit number" : $"{lowest} to {highest}";

    public Errno Apply(ReadOnlySpan<byte> old, long offset, ReadOnlySpan<byte> data, ContentBuffer value, out bool isNew)
    {
        ReadOnlySpan<byte> text = data.EndsWith((byte)'\n') ? data[..^1] : data;
        text = text.StartsWith((byte)'+') ? text[1..] : text;
        isNew = KernelNumber.TryTake(ref text, out bool isNegative, out ulong number) && text.IsEmpty && !isNegative
            && number <= (ulong)highest && number >= (ulong)lowest;
        if (isNew)
        {
            value.Append((long)number);
        }

        return isNew ? Errno.None : Errno.EINVAL;
    }
}
