namespace Caisson.Oci.Tests;

public sealed class SysctlNameTests
{
    [Theory]
    [InlineData("net.ipv4.ip_forward", "net/ipv4/ip_forward")]
    [InlineData("net/ipv4/ip_forward", "net/ipv4/ip_forward")]
    [InlineData("net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    public void ToPath_KnowsBothForms(string name, string path) => Assert.Equal(path, SysctlName.ToPath(name));

    [Theory]
    [InlineData("")]
    [InlineData("net/../kernel/core_pattern")]
    [InlineData("net.//.kernel.core_pattern")]
    [InlineData("/kernel/core_pattern")]
    [InlineData("net..x")]
    [InlineData("net/./x")]
    [InlineData("net.a b")]
    [InlineData("net.a\0")]
    public void ToPath_HasNone_ForNamesThatLeaveTheDirectory(string name) => Assert.Null(SysctlName.ToPath(name));
}
