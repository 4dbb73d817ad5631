using Caisson.Containers.Options;

namespace Caisson.Containers.Tests.Options;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("512", 512L)]
    [InlineData("1k", 1024L)]
    [InlineData("50M", 50L << 20)]
    [InlineData("512kb", 512L << 10)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("8191p", 8191L << 50)]
    [InlineData("8192p", null)]
    [InlineData("", null)]
    [InlineData("k", null)]
    [InlineData("b", null)]
    [InlineData("-1", null)]
    [InlineData("1.5G", null)]
    [InlineData("1 G", null)]
    [InlineData("1x", null)]
    [InlineData("99999999999999999999", null)]
    public void Sizes_are_bytes_or_have_a_unit(string text, long? size) => Assert.Equal(size, ByteSize.TryParse(text));
}
