using Caisson.Emulation.Syscalls;

namespace Caisson.Emulation.Tests.Syscalls;

public sealed class MountDataTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(",,", "")]
    [InlineData("a,b=c,,d=", "a b=c d=")]
    [InlineData("a=b=c", "a=b=c")]
    public void Options_are_between_commas(string data, string expected) =>
        Assert.Equal(expected, string.Join(' ', MountData.Parse(data).Select(option => option.Value is null ? option.Key : $"{option.Key}={option.Value}")));

    [Theory]
    [InlineData("0", "100000")]
    [InlineData("5", "100005")]
    [InlineData("999", "100999")]
    [InlineData("1000", null)]
    [InlineData("2000", "7")]
    [InlineData("4294967295", null)]
    [InlineData("4294967296", null)]
    [InlineData("-1", null)]
    [InlineData("05", null)]
    [InlineData("0x5", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_group_is_translated_by_the_map(string? group, string? expected) =>
        Assert.Equal(expected, MountData.HostGroup(group, "         0     100000       1000\n      2000          7          1\n"));

    [Fact]
    public void In_one_string_a_source_with_a_comma_is_missing()
    {
        Assert.Equal("ro,source=a,hidepid=2", new MountData([("ro", null), ("source", "a"), ("hidepid", "2")]).Text);
        Assert.Equal("ro,hidepid=2", new MountData([("ro", null), ("source", "a,b"), ("hidepid", "2")]).Text);
    }
}
