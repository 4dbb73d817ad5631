using System.Text;
using Caisson.Emulation.Identity;
using CsCheck;

namespace Caisson.Emulation.Tests.Identity;

public sealed class UuidTests
{
    [Fact]
    public void A_container_has_the_same_one_for_ever() =>
        Assert.Equal("fefb6b85-c0e9-8377-8924-2c76022343f3\n", Text("0123456789abcdef"));

    [Fact]
    public void It_has_the_form_of_a_UUID_of_version_8() => Gen.String.Sample(seed =>
    {
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n$", Text(seed));
        Assert.True(Guid.TryParseExact(Text(seed).TrimEnd(), "D", out _));
    });

    [Fact]
    public void Neighbours_differ_in_about_half_of_their_bits()
    {
        int bits = 0;
        const int count = 1000;
        HashSet<string> seen = [];
        for (int i = 0; i < count; i++)
        {
            Assert.True(seen.Add(Text($"container{i}")));
            bits += Convert.FromHexString(Digits($"container{i}")).Zip(Convert.FromHexString(Digits($"container{i + 1}")))
                .Sum(pair => byte.PopCount((byte)(pair.First ^ pair.Second)));
        }

        // 122 bits are free.
        Assert.InRange(bits / (double)count, 58, 64);
    }

    static string Text(string seed) => Encoding.ASCII.GetString(Uuid.TextOf(seed));

    static string Digits(string seed) => Text(seed).TrimEnd().Replace("-", "", StringComparison.Ordinal);
}
