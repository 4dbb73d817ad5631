using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>What root of a system container may do, and what it may not do to the host and to other containers.</summary>
public sealed class SystemContainerTests : RootTest
{
    [Fact]
    public void ContainersThatRun_HaveDisjointIds()
    {
        using Bundle one = Sleeping();
        using Bundle other = Sleeping();

        (uint start, uint count) = one.IdMap();
        (uint otherStart, uint otherCount) = other.IdMap();

        Assert.Equal((65536u, 65536u), (count, otherCount));
        Assert.True(start > 0 && otherStart > 0);
        Assert.True(start + count <= otherStart || otherStart + otherCount <= start, $"{start} and {otherStart}");
        Assert.Equal(File.ReadAllText($"/proc/{one.Pid}/uid_map"), File.ReadAllText($"/proc/{one.Pid}/gid_map"));
    }

    [Theory, ForEachLevel]
    public void MappingsOfTheSpec_AreTheContainers(string level)
    {
        string maps = Inside(level, "cat /proc/self/uid_map /proc/self/gid_map", config =>
        {
            config.Linux()["namespaces"]!.AsArray().Add(Config.Json(new { type = "user" }));
            config.Linux()["uidMappings"] = Config.Json(new[] { new { containerID = 0, hostID = 700000, size = 1000 } });
            config.Linux()["gidMappings"] = Config.Json(new[] { new { containerID = 0, hostID = 800000, size = 1000 } });
        });
        Assert.Equal("0 700000 1000 0 800000 1000", string.Join(' ', maps.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void FilesOfTheRootAndOfVolumes_BelongToIdZeroOnTheHost()
    {
        string volume = Directory.CreateDirectory($"{Scratch}/volume").FullName;
        using Bundle bundle = Sleeping(config => config.Bind(volume, "/v"));

        bundle.Shell("touch /v/a /b; chown 5:6 /v/a; stat -c %u:%g /v/a /b");

        Assert.Equal("5:6\n0:0", Succeeded(Command.Run("stat", ["-c", "%u:%g", $"{volume}/a", $"{bundle.Rootfs}/b"])));
        Assert.Equal("0:0", bundle.Shell("stat -c %u:%g /bin/busybox"));
    }

    [Theory]
    [InlineData("umount /v")]
    [InlineData("umount -l /v")]
    [InlineData("mount -o remount,rw,bind /v")]
    [InlineData("mount -o remount,rw /v")]
    [InlineData("unshare -Urm sh -c 'umount /v'")]
    [InlineData("unshare -Urm sh -c 'mount -o remount,rw,bind /v'")]
    [InlineData("unshare -m sh -c 'umount /v'")]
    [InlineData("unshare -m sh -c 'mount -o remount,rw,bind /v'")]
    [InlineData("mkdir -p /c; mount --bind /v /c; mount -o remount,rw,bind /c")]
    public void AReadOnlyVolume_CannotBeUnmountedOrMadeWritable(string attempt)
    {
        string volume = Directory.CreateDirectory($"{Scratch}/volume").FullName;
        using Bundle bundle = Sleeping(config => config.Bind(volume, "/v", "ro"));

        CommandResult result = bundle.Exec("sh", "-c", $"{attempt}; code=$?; touch /v/f /c/f 2>/dev/null; exit $code");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches("(?i)not permitted|invalid argument|permission denied|superuser", result.Errors);
        Assert.Contains(" /v ", bundle.Shell("cat /proc/self/mountinfo"));
        Assert.False(File.Exists($"{volume}/f"));
    }

    [Fact]
    public void DeviceNodes_BelongToTheContainersRoot() =>
        Assert.Equal("0:0", Inside("system", "for d in null zero full random urandom tty fuse net/tun; do stat -c %u:%g /dev/$d; done | sort -u"));

    [Fact]
    public void SysClassNet_ShowsTheContainersInterfaces()
    {
        using Bundle bundle = Sleeping();

        Assert.Equal("lo", bundle.Shell("ls /sys/class/net"));
        bundle.Shell("ip link add caisson0 type bridge");
        Assert.Equal("caisson0\nlo", bundle.Shell("ls /sys/class/net"));
        Assert.False(Directory.Exists("/sys/class/net/caisson0"));
    }

    [Theory]
    [InlineData("unshare -Urmpf --mount-proc sh -c 'ps -o comm | grep -cx sleep; echo $$'", "0\n1")]
    [InlineData("mount --bind /dev /mnt && ls /mnt/null", "/mnt/null")]
    [InlineData("mount -t tmpfs tmpfs /mnt && touch /mnt/f && ls /mnt", "f")]
    [InlineData("mount -t proc proc /mnt && cat /mnt/1/comm", "sleep")]
    [InlineData("mount -t sysfs sysfs /mnt && ls /mnt/class/net", "lo")]
    [InlineData("mkdir -p /l /u /w && touch /l/f && mount -t overlay -o lowerdir=/l,upperdir=/u,workdir=/w overlay /mnt && rm /mnt/f && ls -A /mnt | wc -l", "0")]
    [InlineData("hostname other && hostname && cat /proc/sys/kernel/hostname", "other\nother")]
    [InlineData("echo 1 >/proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward", "1")]
    [InlineData("ip link set lo up && ping -c 1 -w 2 127.0.0.1 >/dev/null && echo pong", "pong")]
    [InlineData("chown 65535:65535 /tmp && stat -c %u:%g /tmp", "65535:65535")]
    [InlineData("(mkdir /sys/fs/cgroup/pids/mine || mkdir /sys/fs/cgroup/mine) 2>/dev/null && echo made", "made")]
    public void RootInside_Can(string script, string said)
    {
        string hosts = Environment.MachineName + File.ReadAllText("/proc/sys/net/ipv4/ip_forward");
        using Bundle bundle = Sleeping();
        bundle.Shell("mkdir -p /mnt");

        Assert.Equal(said, bundle.Shell($"({script}) | cat"));

        Assert.Equal(hosts, File.ReadAllText("/proc/sys/kernel/hostname").Trim() + File.ReadAllText("/proc/sys/net/ipv4/ip_forward"));
    }

    [Theory]
    [InlineData("echo b >/proc/sysrq-trigger")]
    [InlineData("echo x >/sys/kernel/uevent_helper")]
    [InlineData("date -s 2001-01-01; date +%Y | grep -qx 2001")]
    [InlineData("mknod /disk b 254 0 && head -c 1 /disk")]
    [InlineData("mknod /disk b 8 0 && head -c 1 /disk")]
    [InlineData("mknod /mem c 1 1 && head -c 1 /mem")]
    [InlineData("mount -t ext4 /dev/vda /mnt")]
    [InlineData("insmod /bin/busybox")]
    [InlineData("dmesg -c && false")]
    [InlineData("chroot /proc/1/root/.. sh -c 'test -d /work'")]
    public void RootInside_Cannot(string script)
    {
        using Bundle bundle = Sleeping();

        CommandResult result = bundle.Exec("sh", "-c", script);

        Assert.True(result.ExitCode != 0, $"{script}: {result.Output}{result.Errors}");
        Assert.True(DateTime.UtcNow.Year > 2020);
    }

    [Theory]
    [InlineData("vm/swappiness", "1")]
    [InlineData("kernel/panic", "1")]
    [InlineData("kernel/core_pattern", "x")]
    public void RootInside_SetsItsOwnSysctls_AndNotTheHosts(string name, string value)
    {
        string host = File.ReadAllText($"/proc/sys/{name}");
        using Bundle bundle = Sleeping();
        using Bundle other = Sleeping();
        string others = other.Shell($"cat /proc/sys/{name}");

        Assert.Equal(value, bundle.Shell($"echo {value} >/proc/sys/{name} && cat /proc/sys/{name}"));

        Assert.Equal(others, other.Shell($"cat /proc/sys/{name}"));
        Assert.Equal(host, File.ReadAllText($"/proc/sys/{name}"));
    }

    [Fact]
    public void ProcessesOfTheHost_AreNeitherSeenNorReached()
    {
        using Bundle bundle = Sleeping();
        using Bundle other = Sleeping();

        Assert.Equal("1", bundle.Shell("ls /proc | grep -E '^[0-9]+$' | while read p; do grep -l sleep /proc/$p/comm; done 2>/dev/null | wc -l"));
        Assert.NotEqual(0, bundle.Exec("kill", "-0", $"{Environment.ProcessId}").ExitCode);
        Assert.NotEqual(0, bundle.Exec("kill", "-9", $"{other.Pid}").ExitCode);
        // All that it may signal is its own.
        bundle.Exec("sh", "-c", "kill -9 -1");
        Assert.Equal("running", other.Status);
        Assert.Equal("running", bundle.Status);
    }

    [Fact]
    public void ADeniedCall_StaysDenied_AndMountsAreAllowedAgain()
    {
        JsonNode profile = JsonNode.Parse(File.ReadAllText(SourceTree.PathOf("tests/testdata/seccomp/docker-20.10.json")))!;
        string said = Inside("system", "mkdir -p /mnt; mount -t tmpfs tmpfs /mnt && echo mounted; unshare -Ur id -u; swapon /bin/busybox 2>&1; :", config =>
            config.Linux()["seccomp"] = profile);

        Assert.StartsWith("mounted\n0\n", said);
        Assert.Contains("not permitted", said);
    }

    Bundle Sleeping(Action<JsonObject>? change = null) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        config.Process()["noNewPrivileges"] = false;
        change?.Invoke(config);
    }).Launch();
}
