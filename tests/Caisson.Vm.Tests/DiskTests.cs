namespace Caisson.Vm.Tests;

/// <summary>Disk budgets on file systems with project quotas: loop-mounted ones, as a disk for containers would be.</summary>
[Collection(typeof(InVm))]
public sealed class DiskTests(VirtualMachine machine) : VmTest(machine)
{
    const string Fill = "dd if=/dev/zero of=/big bs=1M count=30 2>/dev/null; dd if=/dev/zero of=/var/lib/docker/big bs=1M count=30 2>/dev/null";

    [Theory]
    [InlineData("ext4", "-O quota,project -E quotatype=prjquota")]
    [InlineData("xfs", "")]
    public void ABudget_CountsRootFileSystemAndInnerStorage(string type, string options)
    {
        Run($"disk {type} prjquota {options}; bundle full '.annotations = {{\"io.caisson.disk-size\": \"50M\", \"io.caisson.disk-inodes\": \"600\"}}'; mv /b/full /disk/full");
        Run("caisson run -d -b /disk/full full </dev/null >/tmp/launched 2>&1 || { cat /tmp/launched >&2; exit 1; }");
        // Size, and inodes.
        Assert.Equal("51200\n51200\n600", Run("caisson exec full sh -c 'df -k / /var/lib/docker | awk \"NR > 1 {print \\$2}\"; df -i / | awk \"NR > 1 {print \\$2}\"'"));
        Assert.InRange(int.Parse(Run($"caisson exec full sh -c '{Fill}; du -sxm / /var/lib/docker' | awk '{{all += $1}} END {{print all}}'")), 45, 50);
        Assert.InRange(int.Parse(Run("caisson exec full sh -c 'rm /big; i=0; while touch /f$i 2>/dev/null; do i=$((i+1)); done; rm /f*; echo $i'")), 400, 599);
        Assert.Equal("51200", Run("limit_of /disk/full/rootfs"));
        // It is full while what it keeps goes home.
        Run("caisson exec full sh -c 'dd if=/dev/zero of=/big bs=1M count=40 2>/dev/null || true'; caisson delete -f full");
        Assert.Equal("0", Run("test -s /disk/full/rootfs/var/lib/docker/big; limit_of /disk/full/rootfs"));

        Run("caisson run -d -b /disk/full full </dev/null >/tmp/launched 2>&1 || { cat /tmp/launched >&2; exit 1; }");
        Assert.Equal("51200", Run("caisson exec full sh -c 'test -s /var/lib/docker/big && rm /big && df -k /' | awk 'NR > 1 {print $2}'"));
        Run("caisson delete -f full; undisk");
    }

    [Fact]
    public void WithoutProjectQuota_TheErrorSaysHowToGetIt_AndNothingIsLeft()
    {
        Run("bundle none '.annotations = {\"io.caisson.disk-size\": \"50M\"}'");
        CommandResult refused = Machine.Try("caisson run -d -b /b/none none </dev/null");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("io.caisson.disk-size: the file system of /b/none/rootfs has no project quota", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("prjquota", refused.Errors, StringComparison.Ordinal);
        Run("! test -e /run/caisson/containers/none; ! find /var/lib/caisson /sys/fs/cgroup -name none | grep .; rm -r /b/none");
    }

    [Fact]
    [Trait("form", "long")]
    public void DockersLimits_AndOurs_HoldThroughStopsAndCommits()
    {
        // On xfs Docker has a limit of its own.
        Run("disk xfs prjquota; jq '.\"data-root\" = \"/disk/docker\"' /etc/docker/daemon.json >/tmp/daemon.json; cp /etc/docker/daemon.json /root/daemon.json; cp /tmp/daemon.json /etc/docker/daemon.json; systemctl restart docker", 180);
        Run("docker import -c 'CMD [\"sleep\",\"1000\"]' /usr/share/caisson/busybox.tar small");
        foreach (string limit in (string[])["--storage-opt size=50M", "--annotation io.caisson.disk-size=50M"])
        {
            Run($"docker run -d --name limited --runtime=caisson {limit} small");
            Assert.Equal("51200", Run("docker exec limited df -k / | awk 'NR > 1 {print $2}'"));
            Assert.InRange(int.Parse(Run($"docker exec limited sh -c '{Fill}; du -xcm /big /var/lib/docker/big' | awk '/total/ {{print $1}}'")), 45, 50);
            Run("docker exec limited rm /big; docker stop -t 0 limited; docker start limited");
            Assert.Equal("51200", Run("docker exec limited sh -c 'test -s /var/lib/docker/big && df -k /' | awk 'NR > 1 {print $2}'"));
            Run("echo copied >/tmp/copied; docker cp /tmp/copied limited:/root/copied; docker stop -t 0 limited; docker cp /tmp/copied limited:/later; docker start limited");
            Assert.Equal("copied\ncopied", Run("docker exec limited cat /root/copied /later"));
            Run("docker commit limited kept; docker rm -f limited");
            Run("docker run --rm --runtime=caisson kept test -s /var/lib/docker/big; docker rmi kept");
        }

        CommandResult both = Machine.Try("docker run --rm --runtime=caisson --storage-opt size=50M --annotation io.caisson.disk-size=60M small true");
        Assert.Contains("the engine limits the container already", both.Errors, StringComparison.Ordinal);
        Run("docker container prune -f; docker rmi small; cp /root/daemon.json /etc/docker/daemon.json; systemctl restart docker; undisk", 180);
    }
}
