using System.Text;
using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;
using CsCheck;

namespace Caisson.Emulation.Tests.Sources;

public sealed class CpuSetTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("0-3,8\n", "0-3,8")]
    [InlineData("3,1,2", "1-3")]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("2-", "")]
    [InlineData("5-3", "")]
    [InlineData("1,x,2", "1")]
    [InlineData("0-99999999999999999999", "0-8191")]
    [InlineData("99999999999", "")]
    public void A_list_is_read_as_far_as_it_is_one(string list, string cpus)
    {
        CpuSet set = new();
        set.Parse(Encoding.ASCII.GetBytes(list));

        Assert.Equal(cpus, Text(set));
    }

    [Fact]
    public void A_set_is_read_as_it_was_printed() => Gen.Int[0, CpuSet.Most - 1].HashSet[0, 50].Sample(cpus =>
    {
        CpuSet set = new();
        foreach (int cpu in cpus)
        {
            set.Add(cpu);
        }

        CpuSet read = new();
        read.Parse(Encoding.ASCII.GetBytes(Text(set)));
        List<int> found = [];
        for (int cpu = read.Next(-1); cpu >= 0; cpu = read.Next(cpu))
        {
            found.Add(cpu);
        }

        Assert.Equal(cpus.Order(), found);
        Assert.Equal(cpus.Count, read.Count);
    });

    [Fact]
    public void Two_sets_share_what_is_in_both()
    {
        CpuSet one = new();
        CpuSet other = new();
        one.Parse("0-3,64-70"u8);
        other.Parse("2-65"u8);

        Assert.True(one.Overlaps(other));
        one.IntersectWith(other);
        Assert.Equal("2-3,64-65", Text(one));
        other.Parse("100"u8);
        Assert.False(one.Overlaps(other));
    }

    static string Text(CpuSet set)
    {
        ContentBuffer content = new();
        set.AppendList(content);
        return Encoding.ASCII.GetString(content.Bytes);
    }
}
