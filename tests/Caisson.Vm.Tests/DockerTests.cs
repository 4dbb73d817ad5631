namespace Caisson.Vm.Tests;

/// <summary>The main job on a distribution as people have it: Debian's own Docker, with the systemd driver and AppArmor.</summary>
[Collection(typeof(InVm))]
public sealed class DockerTests(VirtualMachine machine) : VmTest(machine)
{
    [Fact]
    public void ADockerInside_RunsContainers_ThatTheHostDoesNotSee()
    {
        Start();
        string id = Run("docker run -d --name outer --runtime=caisson -m 600m --cpus 1.5 dind");
        Run("docker exec outer sh -c 'for i in $(seq 600); do [ \"$(cat /proc/1/comm)\" = sleep ] && docker version >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1'");
        Run("docker exec outer docker import -c 'CMD [\"sleep\",\"1000\"]' /usr/share/caisson/busybox.tar bb");
        Assert.Equal("65536 kB", Run("docker exec outer sh -c 'docker run --rm -m 64m bb grep MemTotal /proc/meminfo' | grep -o '[0-9]* kB'"));
        Run("docker exec outer docker run -d --name inner bb");
        Assert.Equal("outer", Run("docker ps --format '{{.Names}}'"));
        Assert.Equal("inner", Run("docker exec outer docker ps --format '{{.Names}}'"));
        Assert.Equal("false", Run("docker inspect -f '{{.HostConfig.Privileged}}' outer"));
        Assert.Contains($"/var/lib/caisson/docker/{id} /var/lib/docker ", Run("docker exec outer cat /proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.Contains("MemoryMax=629145600", Run($"systemctl show -p MemoryMax docker-{id}.scope"), StringComparison.Ordinal);

        // What the engine counts is the whole of it, and not only what the first process uses.
        Assert.EndsWith("/ 600MiB", Run("docker stats --no-stream --format '{{.MemUsage}}' outer"), StringComparison.Ordinal);

        Run("docker update -m 500m --memory-swap 500m outer; docker restart -t 2 outer", 180);
        Assert.Equal("512000 kB", Run("docker exec outer grep MemTotal /proc/meminfo | grep -o '[0-9]* kB'"));
        Run("docker rm -f outer");
        Assert.Equal("0", Run($"find /sys/fs/cgroup /var/lib/caisson /run/caisson -name '*{id}*' | wc -l"));
        Assert.Equal("", Run("systemctl list-units --no-legend 'docker-*.scope'"));
    }

    [Fact]
    public void APlainContainer_IsUnderAppArmorsProfile_AndASystemContainerIsNot()
    {
        Start();
        Assert.Equal("docker-default (enforce)", Run("docker run --rm --runtime=caisson-plain bb cat /proc/self/attr/current"));
        Assert.Equal("unconfined", Run("docker run --rm --runtime=caisson bb cat /proc/self/attr/current"));
        Assert.Equal(
            "caisson-test (enforce)\nno",
            Run("docker run --rm --runtime=caisson-plain --security-opt apparmor=caisson-test bb sh -c 'cat /proc/self/attr/current; cat /etc/shadow 2>/dev/null || echo no'"));
        CommandResult unknown = Machine.Try("bundle unknown '.process.apparmorProfile = \"no-such-profile\"'; caisson --isolation=plain run -b /b/unknown unknown </dev/null");
        Assert.Contains("no-such-profile", unknown.Errors, StringComparison.Ordinal);
        Run("rm -r /b/unknown");
    }

    // Its service starts with the first test that needs it.
    void Start() => Run("systemctl start docker");
}
