using System.Globalization;
using System.Text;
using Caisson.Emulation.Text;
using CsCheck;

namespace Caisson.Emulation.Tests.Text;

public sealed class TextTests
{
    static readonly Gen<byte[]> Hostile = Gen.Byte.Array[0, 200];
    static readonly Gen<string> Printed = Gen.OneOf(Gen.String[Gen.Char["ab 0123456789:\t\n-/"], 0, 60], Gen.String[Gen.Char["\0\n x"], 0, 10]);

    [Fact]
    public void Lines_are_those_that_a_split_at_line_ends_gives() => Printed.Sample(text =>
    {
        List<string> lines = [];
        foreach (ReadOnlySpan<byte> line in new Lines(Encoding.UTF8.GetBytes(text)))
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        string[] expected = text.Split('\n');
        Assert.Equal(expected[^1].Length == 0 ? expected[..^1] : expected, lines);
    });

    [Fact]
    public void Words_are_those_that_a_split_at_spaces_gives() => Printed.Sample(text =>
    {
        List<string> found = [];
        Words words = new(Encoding.UTF8.GetBytes(text));
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            found.Add(Encoding.UTF8.GetString(word));
        }

        Assert.Equal(text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries), found);
    });

    [Fact]
    public void A_number_is_read_as_it_was_printed() => Gen.Long.Where(number => number >= 0).Sample(number =>
    {
        byte[] text = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture) + " kB");

        Assert.Equal(text.Length - 3, Number.Parse(text, out long read));
        Assert.Equal(number, read);
    });

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("max", 0, 0)]
    [InlineData("-1", 0, 0)]
    [InlineData("0", 1, 0)]
    [InlineData("9223372036854775807", 19, long.MaxValue)]
    [InlineData("9223372036854775808", 19, long.MaxValue)]
    [InlineData("99999999999999999999999999", 26, long.MaxValue)]
    public void A_number_that_is_too_large_is_the_largest(string text, int length, long number)
    {
        Assert.Equal(length, Number.Parse(Encoding.ASCII.GetBytes(text), out long read));
        Assert.Equal(number, read);
    }

    [Fact]
    public void A_name_is_found_wherever_the_search_begins()
    {
        string[] names = ["a", "bb", "ccc", "dddd"];
        NameIndex index = new(names);
        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[0, names.Length - 1]).Sample((wanted, start) =>
        {
            int next = start;
            Assert.Equal(wanted, index.Find(Encoding.ASCII.GetBytes(names[wanted]), ref next));
            Assert.Equal((wanted + 1) % names.Length, next);
        });
        int from = 2;

        Assert.Equal(-1, index.Find("b"u8, ref from));
        Assert.Equal(2, from);
    }

    [Fact]
    public void No_bytes_at_all_end_the_readers() => Hostile.Sample(bytes =>
    {
        foreach (ReadOnlySpan<byte> line in new Lines(bytes))
        {
            Words words = new(line);
            while (!words.Next().IsEmpty)
            {
                words.NextNumber();
            }
        }
    });
}
