using System.Text;
using Caisson.Emulation.Sysctl;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using CsCheck;

namespace Caisson.Emulation.Tests.Sysctl;

public sealed class FormTests
{
    const Errno Ok = Errno.None;
    const Errno Invalid = Errno.EINVAL;

    static readonly IntegerForm Any = new(int.MinValue, int.MaxValue);

    [Theory]
    [InlineData("1\n", Ok, "1")]
    [InlineData("-1", Ok, "-1")]
    [InlineData("  7  ", Ok, "7")]
    [InlineData("\t\v\f\r\n7", Ok, "7")]
    [InlineData("0x1F\n", Ok, "31")]
    [InlineData("010\n", Ok, "8")]
    [InlineData("-0x10\n", Ok, "-16")]
    [InlineData("-0\n", Ok, "0")]
    // What follows the number is left for the next write, which comes at an offset and is ignored.
    [InlineData("1 2 3\n", Ok, "1")]
    [InlineData("1 x\n", Ok, "1")]
    [InlineData("2147483647", Ok, "2147483647")]
    [InlineData("-2147483648", Ok, "-2147483648")]
    [InlineData("2147483648", Invalid, null)]
    [InlineData("-2147483649", Invalid, null)]
    [InlineData("99999999999999999999", Invalid, null)]
    [InlineData("000000000000000000001", Invalid, null)]
    [InlineData("00000000000000000001", Ok, "1")]
    [InlineData("\n", Invalid, null)]
    [InlineData("x", Invalid, null)]
    [InlineData("1x", Invalid, null)]
    [InlineData("08", Invalid, null)]
    [InlineData("0x", Invalid, null)]
    [InlineData("-", Invalid, null)]
    [InlineData("+1", Invalid, null)]
    [InlineData("--1", Invalid, null)]
    [InlineData("1\0", Invalid, null)]
    [InlineData("1,2", Invalid, null)]
    public void A_number_is_taken_as_the_kernel_takes_it(string written, Errno errno, string? value) =>
        Assert.Equal((errno, value), Apply(Any, "5", written));

    [Theory]
    [InlineData("0", Ok)]
    [InlineData("2", Ok)]
    [InlineData("3", Invalid)]
    [InlineData("-1", Invalid)]
    [InlineData("4294967296", Invalid)]
    public void A_range_is_kept(string written, Errno errno) =>
        Assert.Equal((errno, errno == Ok ? written : null), Apply(new IntegerForm(0, 2), "1", written));

    [Theory]
    [InlineData("18446744073709551615", Ok)]
    [InlineData("18446744073709551616", Invalid)]
    [InlineData("-1", Invalid)]
    [InlineData("-0", Invalid)]
    public void An_unsigned_kind_takes_no_sign(string written, Errno errno) =>
        Assert.Equal(errno, Apply(new IntegerForm(0, ulong.MaxValue, isUnsigned: true), "1", written).Errno);

    [Theory]
    [InlineData("4 4 1 7\n", Ok, "4\t4\t1\t7")]
    [InlineData("4\t4\t1\t7\t9", Ok, "4\t4\t1\t7")]
    [InlineData("3", Ok, "3\t4\t1\t7")]
    [InlineData("3 3 ", Ok, "3\t3\t1\t7")]
    [InlineData("3 x", Invalid, "3\t4\t1\t7")]
    [InlineData("3 3 99999999999 3", Invalid, "3\t3\t1\t7")]
    [InlineData("x", Invalid, null)]
    public void A_list_takes_its_first_numbers(string written, Errno errno, string? value) =>
        Assert.Equal((errno, value), Apply(new IntegerForm(int.MinValue, int.MaxValue, 4), "7\t4\t1\t7", written));

    [Fact]
    public void Numbers_at_an_offset_are_ignored() => Assert.Equal((Ok, null), Apply(Any, "5", "garbage", offset: 1));

    [Theory]
    [InlineData("core", "|/bin/x\n", 0, "|/bin/x")]
    [InlineData("core", "\n", 0, "")]
    [InlineData("core", "a\0b", 0, "a")]
    [InlineData("core", "a\nb", 0, "a")]
    [InlineData("core", ".%p", 4, "core.%p")]
    [InlineData("core", "X", 1, "cX")]
    [InlineData("core", "X", 5, null)]
    [InlineData("core", "0123456789abcdef", 0, "0123456789")]
    [InlineData("0123456789", "x", 10, "0123456789")]
    public void A_text_is_cut_and_goes_on_at_an_offset(string old, string written, long offset, string? value) =>
        Assert.Equal((Ok, value), Apply(new TextForm(10), old, written, offset));

    [Theory]
    [InlineData("on\n", Ok)]
    [InlineData("off", Ok)]
    [InlineData("on\n\n", Invalid)]
    [InlineData(" on", Invalid)]
    [InlineData("ON", Invalid)]
    [InlineData("", Ok)]
    public void A_word_is_one_of_those_there_are(string written, Errno errno) =>
        Assert.Equal(errno, Apply(new WordForm("on", "off"), "on", written).Errno);

    [Theory]
    [InlineData("1\n", Ok, "1")]
    [InlineData("+1", Ok, "1")]
    [InlineData("0x1", Ok, "1")]
    [InlineData(" 1", Invalid, null)]
    [InlineData("1 ", Invalid, null)]
    [InlineData("1\n\n", Invalid, null)]
    [InlineData("3", Invalid, null)]
    [InlineData("-1", Invalid, null)]
    [InlineData("", Invalid, null)]
    public void A_parameter_of_sysfs_takes_no_spaces(string written, Errno errno, string? value) =>
        Assert.Equal((errno, value), Apply(new ParameterForm(0, 2), "0", written));

    [Fact]
    public void No_bytes_at_all_end_a_form()
    {
        IValueForm[] forms = [Any, new IntegerForm(0, ulong.MaxValue, isUnsigned: true), new IntegerForm(-5, 9, 4), new TextForm(127), new WordForm("on", "off"), new ParameterForm(0, 9)];
        Gen<byte[]> written = Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Char["0123456789 -x\tAf\n\0"].Array[0, 40].Select(text => text.Select(one => (byte)one).ToArray()), Gen.Byte.Array[4000, 9000]);
        Gen.Select(Gen.Byte.Array[0, 127], Gen.Long[0, 200], written).Sample((old, offset, data) =>
        {
            foreach (IValueForm form in forms)
            {
                ContentBuffer value = new();
                form.Apply(old, offset, data, value, out bool isNew);
                Assert.True(value.Length <= 2 * 256 || !isNew || form is IntegerForm);
            }
        });
    }

    static (Errno Errno, string? Value) Apply(IValueForm form, string old, string written, long offset = 0)
    {
        ContentBuffer value = new();
        Errno errno = form.Apply(Encoding.UTF8.GetBytes(old), offset, Encoding.UTF8.GetBytes(written), value, out bool isNew);
        return (errno, isNew ? Encoding.UTF8.GetString(value.Bytes) : null);
    }
}
