using Caisson.Root.Tests.Docker;

namespace Caisson.Root.Tests.Nesting;

/// <summary>Caisson inside of a system container of Caisson's, without any privilege on the host.</summary>
[Collection(typeof(OnSid))]
public sealed class NestingTests(SidEngine engine) : EngineTests(engine)
{
    const string MidConfiguration = "-v /opt/caisson:/opt/caisson:ro -v /etc/docker/daemon.json:/etc/docker/daemon.json:ro";

    [Fact]
    public void ASystemContainerInASystemContainer_RunsADockerThatRunsContainers_OfEveryRuntime()
    {
        using Outer outer = new Outer(Engine, "levels").StartNested(Engine, "sid");
        outer.ImportItself();
        outer.Inside($"docker run -d --name mid --runtime=caisson {MidConfiguration} dind");
        AwaitMid(outer);
        // Its root is another user namespace's, with the same ids: the files of images fit, and none is chowned.
        Assert.Equal("0 0 65536", Words(outer.Inside("docker exec mid cat /proc/self/uid_map")));
        Assert.NotEqual(outer.Inside("readlink /proc/self/ns/user"), outer.Inside("docker exec mid readlink /proc/self/ns/user"));
        Assert.Equal("overlay2", outer.Inside("docker exec mid docker info -f '{{.Driver}}'"));
        Mid(outer, "docker import /usr/share/caisson/busybox.tar bb");
        foreach (string runtime in (string[])["runc", "caisson", "caisson-plain"])
        {
            Assert.Equal("0 deep", Mid(outer, $"docker run --rm --runtime={runtime} bb sh -c 'echo $(id -u) deep'"));
        }

        // A whole procfs stays within reach on every level, and the covered one shows.
        Assert.Contains("ps ax", Mid(outer, "unshare -Urmpf --mount-proc ps ax"), StringComparison.Ordinal);
        Assert.Contains("fuse.caisson", Mid(outer, "docker run --rm --runtime=caisson bb cat /proc/mounts"), StringComparison.Ordinal);

        outer.Inside("docker restart -t 1 mid");
        AwaitMid(outer);
        Assert.Equal("kept", Mid(outer, "docker run --rm --runtime=caisson bb echo kept"));
        outer.Inside("docker rm -f mid");
        NothingIsLeft(outer);
    }

    [Fact]
    public void WhatAnInnerSystemContainerStored_IsInItsImage()
    {
        using Outer outer = new Outer(Engine, "images").StartNested(Engine, "sid");
        outer.ImportItself();
        outer.Inside("docker run -d --name mid --runtime=caisson dind");
        AwaitMid(outer);
        Mid(outer, "docker import /usr/share/caisson/busybox.tar kept");
        outer.Inside("docker stop -t 5 mid && docker commit mid with-inner && docker rm mid && docker run -d --name mid --runtime=caisson with-inner");
        AwaitMid(outer);
        Assert.Equal("inner answer", Mid(outer, "docker run --rm kept echo inner answer"));
        outer.Inside("docker rm -f mid");
        NothingIsLeft(outer);
    }

    [Fact]
    public void AnInnerContainer_SeesItsOwnLimits_ThroughTheOuterMonitor()
    {
        using Outer outer = new Outer(Engine, "view").StartNested(Engine, "sid");
        outer.Inside("docker run -d --name in --runtime=caisson -m 64m bb");
        Assert.Equal("65536", outer.Inside("docker exec in sh -c \"grep MemTotal /proc/meminfo\" | tr -dc 0-9"));
        Assert.NotEqual("65536", outer.Inside("grep MemTotal /proc/meminfo | tr -dc 0-9"));
        // Its clock began when it did, two time namespaces deep.
        Assert.InRange(double.Parse(outer.Inside("docker exec in cat /proc/uptime").Split(' ')[0]), 0, 300);
        Assert.Contains("sleep 1000", outer.Inside("docker exec in ps"), StringComparison.Ordinal);
        // One listener is all that a process may have, so the one monitor is the outer one.
        Assert.Equal("", outer.Inside("cat /proc/*/comm | grep caisson- || true"));
        outer.Inside("docker rm -f in");
        NothingIsLeft(outer);
    }

    [Theory]
    [InlineData("umount /v")]
    [InlineData("mount -o remount,rw,bind /v")]
    [InlineData("unshare -Urm sh -c 'umount /v'")]
    public void AReadOnlyVolumeOfAnInnerContainer_StaysSo(string attempt)
    {
        using Outer outer = new Outer(Engine, "ro").StartNested(Engine, "sid");
        string said = outer.Inside($"docker run --rm --runtime=caisson -v /etc:/v:ro bb sh -c \"{attempt}; touch /v/new && echo WRITTEN\" 2>&1 || true");
        Assert.DoesNotContain("WRITTEN", said, StringComparison.Ordinal);
        Assert.Equal("no", outer.Inside("test -e /etc/new && echo yes || echo no"));
    }

    [Fact]
    public void APlainContainerInside_IsLikeRuncs()
    {
        using Outer outer = new Outer(Engine, "plain").StartNested(Engine, "sid");
        const string look = "id; grep -E 'Cap|NoNewPrivs|Seccomp:' /proc/self/status; ls -l /dev | cut -c1-10,50-; cat /proc/self/uid_map; ulimit -n; cat /proc/self/oom_score_adj";
        Assert.Equal(
            outer.Inside($"docker run --rm --runtime=runc bb sh -c \"{look}\""),
            outer.Inside($"docker run --rm --runtime=caisson-plain bb sh -c \"{look}\""));
    }

    [Theory]
    [InlineData("--device /dev/fuse:/dev/other")]
    [InlineData("--device /dev/net/tun")]
    public void DevicesAreThoseOfTheOuterContainer_AlsoByOtherNames(string option)
    {
        using Outer outer = new Outer(Engine, "devices").StartNested(Engine, "sid");
        string path = option.Split(':', ' ')[^1];
        foreach (string runtime in (string[])["caisson", "caisson-plain"])
        {
            Assert.Equal("yes", outer.Inside($"docker run --rm --runtime={runtime} {option} bb sh -c 'test -c {path} && echo yes'"));
        }
    }

    [Theory]
    [InlineData("caisson --user 70000", "/process/user/uid: uid 70000 is not mapped into the container, which has 0 to 65535")]
    [InlineData("caisson --network=host", "a system container cannot share the host's network namespace")]
    public void WhatTheKernelDeniesInside_IsSaidPlainly(string option, string message)
    {
        using Outer outer = new Outer(Engine, "denied").StartNested(Engine, "sid");
        string said = outer.Inside($"docker run --rm --runtime={option} bb true 2>&1 || true");
        Assert.Contains(message, said, StringComparison.Ordinal);
        NothingIsLeft(outer);
    }

    static void AwaitMid(Outer outer) => Mid(
        outer, "for i in $(seq 300); do docker version >/dev/null 2>&1 && exit; sleep 0.1; done; tail -n 20 /var/log/dockerd.log; exit 1");

    static string Mid(Outer outer, string script) =>
        outer.Inside($"docker exec mid sh -c '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'");

    // Of containers that are removed, in the outer one.
    static void NothingIsLeft(Outer outer)
    {
        Assert.Equal("", outer.Inside("ls /run/caisson/ids 2>/dev/null || true"));
        Assert.Equal("", outer.Inside("find /var/lib/caisson -mindepth 2 -maxdepth 2 2>/dev/null; ls /run/caisson/containers 2>/dev/null || true"));
        Assert.Equal("", outer.Inside("find /sys/fs/cgroup -path '*/docker/*' -type d"));
    }

    static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
