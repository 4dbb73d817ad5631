using Caisson.Containers.Systemd;

namespace Caisson.Containers.Tests.Systemd;

public sealed class SystemdUnitTests
{
    [Theory]
    [InlineData("system.slice:docker:0123", "system.slice/docker-0123.scope")]
    [InlineData("", "system.slice/caisson-id.scope")]
    [InlineData(null, "system.slice/caisson-id.scope")]
    [InlineData(":p:n", "system.slice/p-n.scope")]
    [InlineData("-.slice:p:n", "p-n.scope")]
    [InlineData("a-b-c.slice:p:n", "a.slice/a-b.slice/a-b-c.slice/p-n.scope")]
    [InlineData("kubepods-besteffort-pod12_3.slice:cri-containerd:x", "kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod12_3.slice/cri-containerd-x.scope")]
    [InlineData("user.slice::name", "user.slice/-name.scope")]
    [InlineData("system.slice:p:a-b.slice", "a.slice/a-b.slice")]
    public void Parse_ReadsWhatRuncReads(string? cgroupsPath, string expected) =>
        Assert.Equal(expected, SystemdUnit.Parse(cgroupsPath, "id").CgroupPath);

    [Theory]
    [InlineData("/docker/0123")]
    [InlineData("a:b")]
    [InlineData("a:b:c:d")]
    [InlineData("system:p:n")]
    [InlineData("a--b.slice:p:n")]
    [InlineData("-a.slice:p:n")]
    [InlineData("../x.slice:p:n")]
    [InlineData("system.slice:p:../n")]
    [InlineData("system.slice:p:a--b.slice")]
    [InlineData("system.slice:p:n\n")]
    [InlineData(".slice:p:n")]
    public void Parse_RefusesWhatIsNoUnit(string cgroupsPath) =>
        Assert.Contains("/linux/cgroupsPath", Assert.Throws<UserError>(() => SystemdUnit.Parse(cgroupsPath, "id")).Message, StringComparison.Ordinal);
}
