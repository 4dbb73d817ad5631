using System.Text;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Sys;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Tests.Sys;

public sealed class SysTests
{
    [Theory]
    [InlineData(0, "\n")]
    [InlineData(1, "0\n")]
    [InlineData(12, "0-11\n")]
    public void Lists_count_from_0(int count, string text)
    {
        ContentBuffer content = new();
        CpuList.Render(count, content);

        Assert.Equal(text, Encoding.ASCII.GetString(content.Bytes));
    }

    [Theory]
    [InlineData("f\n", 0, "0\n")]
    [InlineData("f\n", 3, "7\n")]
    [InlineData("ff\n", 5, "1f\n")]
    [InlineData("00000000,ffffffff\n", 2, "00000000,00000003\n")]
    [InlineData("00000003,ffffffff\n", 33, "00000001,ffffffff\n")]
    [InlineData("3\n", -1, "3\n")]
    [InlineData("", 2, "")]
    public void Masks_are_as_long_as_the_hosts(string host, int count, string mask)
    {
        ContentBuffer content = new();
        NodeCpus.RenderMask(Encoding.ASCII.GetBytes(host), count, content);

        Assert.Equal(mask, Encoding.ASCII.GetString(content.Bytes));
    }

    [Fact]
    public void All_lists_tell_the_limited_number()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpu.max", "150000 100000\n");
        host.Set("", "cpuset.cpus.effective", "1-3\n");
        host.Write("sys/devices/system/node/node0/cpulist", "0-1\n");
        host.Write("sys/devices/system/node/node1/cpulist", "2-3\n");
        host.Write("sys/devices/system/node/node1/cpumap", "c\n");

        Assert.Equal("0-1\n", host.Read((from, content) => CpuList.Read(from, HostFile.OnlineCpus, content)));
        Assert.Equal("0-1\n", host.Read((from, content) => CpuList.Read(from, HostFile.PresentCpus, content)));
        Assert.Equal("0-1\n", host.Read((from, content) => CpuList.Read(from, HostFile.PossibleCpus, content)));
        Assert.Equal("\n", host.Read((from, content) => CpuList.Read(from, HostFile.OfflineCpus, content)));
        Assert.Equal("0-1\n", host.Read((from, content) => NodeCpus.ReadList(from, 0, content)));
        Assert.Equal("\n", host.Read((from, content) => NodeCpus.ReadList(from, 1, content)));
        Assert.Equal("0\n", host.Read((from, content) => NodeCpus.ReadMask(from, 1, content)));
    }

    [Fact]
    public void Without_a_limit_all_lists_are_the_hosts()
    {
        using TestHost host = TestHost.Version2();
        host.Write("sys/devices/system/cpu/possible", "0-255\n");
        host.Write("sys/devices/system/node/node1/cpulist", "2-3\n");
        host.Write("sys/devices/system/node/node1/cpumap", "c\n");

        Assert.Equal("0-255\n", host.Read((from, content) => CpuList.Read(from, HostFile.PossibleCpus, content)));
        Assert.Equal("2-3\n", host.Read((from, content) => NodeCpus.ReadList(from, 1, content)));
        Assert.Equal("c\n", host.Read((from, content) => NodeCpus.ReadMask(from, 1, content)));
    }
}
