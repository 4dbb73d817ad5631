using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Namespaces that are joined by path, and the clocks of time namespaces.</summary>
public sealed class NamespaceTests : RootTest
{
    const string Interfaces = "ls /sys/class/net | xargs; ip -o link | awk -F': ' '{print $2}' | xargs";

    [Theory, ForEachLevel]
    public void ANetworkNamespaceOfTheHost_IsJoinedByPath(string level)
    {
        string name = Path.GetFileName(Scratch);
        Succeeded(Bash($"ip netns add {name} && ip -n {name} link add caisson0 type bridge"));
        try
        {
            string inside = Inside(level, Interfaces, config => config.Namespace("network", $"/run/netns/{name}"));

            Assert.Contains("caisson0", inside.Split('\n')[0]);
            Assert.Contains("caisson0", inside.Split('\n')[1]);
        }
        finally
        {
            Bash($"ip netns del {name}");
        }
    }

    [Fact]
    public void ASystemContainerInAnothersNetwork_SharesItsIds_AndRulesTheNetwork()
    {
        using Bundle first = NewBundle("system", config => config.Args("sleep", "1000")).Launch();
        first.Shell("ip link add caisson0 type bridge");
        using Bundle second = NewBundle("system", config =>
        {
            config.Args("sleep", "1000");
            config.Namespace("network", $"/proc/{first.Pid}/ns/net");
        }).Launch();

        Assert.Equal(first.IdMap(), second.IdMap());
        Assert.Equal(first.Shell(Interfaces), second.Shell(Interfaces));
        second.Shell("ip link set caisson0 up && ip address add 10.1.2.3/24 dev caisson0");
        Assert.Contains("10.1.2.3", first.Shell("ip -o -4 address show dev caisson0"));
        Assert.NotEqual(first.Shell("readlink /proc/self/ns/pid"), second.Shell("readlink /proc/self/ns/pid"));
        second.Shell("mkdir -p /m && mount -t tmpfs tmpfs /m && touch /etc/new");

        // The ids stay taken while anybody has them.
        Succeeded(first.Delete("--force"));
        using Bundle third = NewBundle("system", config => config.Args("sleep", "1000")).Launch();
        Assert.True(second.IdMap().Start != third.IdMap().Start, "the ids of a container that runs were given to another one");
    }

    [Theory]
    [InlineData("ipc")]
    [InlineData("uts")]
    [InlineData("pid")]
    public void ASystemContainerInAnothersNamespace_SharesItsIds(string type)
    {
        using Bundle first = NewBundle("system", config => config.Args("sleep", "1000")).Launch();
        using Bundle second = NewBundle("system", config =>
        {
            config.Args("sleep", "2000");
            config.Namespace(type, $"/proc/{first.Pid}/ns/{type}");
            config.Remove("hostname");
        }).Launch();

        Assert.Equal(first.IdMap(), second.IdMap());
        string spaces = $"for each in user {type}; do readlink /proc/self/ns/$each; done";
        Assert.Equal(first.Shell(spaces), second.Shell(spaces));
        Assert.NotEqual(first.Shell("readlink /proc/self/ns/net"), second.Shell("readlink /proc/self/ns/net"));
        if (type == "pid")
        {
            Assert.Equal("sleep 1000\nsleep 2000", second.Shell("ps -o args | grep '^sleep'"));
        }
    }

    [Fact]
    public void ContainersOfAPodWhoseNamespacesAreTheHosts_ShareTheirIds()
    {
        string name = Path.GetFileName(Scratch);
        Succeeded(Bash($"ip netns add {name}"));
        try
        {
            using Bundle first = Member("one"), second = Member("one"), stranger = Member("two");
            Assert.Equal(first.IdMap(), second.IdMap());
            Assert.Equal(first.Shell("readlink /proc/self/ns/user"), second.Shell("readlink /proc/self/ns/user"));
            Assert.NotEqual(first.IdMap(), stranger.IdMap());

            Succeeded(first.Delete("--force"));
            Succeeded(second.Delete("--force"));
            using Bundle later = Member("one");
            Assert.NotEqual(stranger.IdMap(), later.IdMap());
        }
        finally
        {
            Bash($"ip netns del {name}");
        }

        Bundle Member(string pod) => NewBundle("system", config =>
        {
            config.Args("sleep", "1000");
            config.Namespace("network", $"/run/netns/{name}");
            config["annotations"] = Config.Json(new Dictionary<string, string> { ["io.kubernetes.cri-o.SandboxID"] = pod });
        }).Launch();
    }

    [Theory]
    [InlineData(500000, true)]
    [InlineData(600000, false)]
    public void IdsThatTheSpecGives_DecideWhetherAnothersUserNamespaceIsJoined(int ids, bool isShared)
    {
        using Bundle first = NewBundle("system", config => Mapped(config, 500000)).Launch();
        using Bundle second = NewBundle("system", config =>
        {
            Mapped(config, ids);
            config.Namespace("network", $"/proc/{first.Pid}/ns/net");
        }).Launch();

        Assert.Equal((uint)ids, second.IdMap().Start);
        Assert.Equal(isShared, first.Shell("readlink /proc/self/ns/user") == second.Shell("readlink /proc/self/ns/user"));
        Assert.Equal(first.Shell(Interfaces), second.Shell(Interfaces));
    }

    static void Mapped(JsonObject config, int ids)
    {
        config.Args("sleep", "1000");
        config.Linux()["namespaces"]!.AsArray().Add(Config.Json(new { type = "user" }));
        foreach (string member in (string[])["uidMappings", "gidMappings"])
        {
            config.Linux()[member] = Config.Json(new[] { new { containerID = 0, hostID = ids, size = 65536 } });
        }
    }

    [Fact]
    public void AUserAndAPidNamespace_AreJoinedByPath()
    {
        using Bundle first = NewBundle("plain", config => Mapped(config, 500000)).Launch();
        using Bundle second = NewBundle("plain", config =>
        {
            config.Args("sleep", "2000");
            config.Namespace("pid", $"/proc/{first.Pid}/ns/pid");
            config.Namespace("user", $"/proc/{first.Pid}/ns/user");
        }).Launch();

        Assert.Equal(first.IdMap(), second.IdMap());
        Assert.Contains("sleep 2000", first.Shell("ps -o args"));
    }

    [Theory, ForEachLevel]
    public void TimeOffsets_MoveTheContainersClocks(string level)
    {
        double inside = double.Parse(Inside(level, "cut -d' ' -f1 /proc/uptime", config =>
        {
            config.Linux()["namespaces"]!.AsArray().Add(Config.Json(new { type = "time" }));
            config.Linux()["timeOffsets"] = Config.Json(new { boottime = new { secs = 1000000 }, monotonic = new { secs = 5, nanosecs = 7 } });
        }));

        Assert.True(inside > 1000000, $"{inside}");
    }

    [Fact]
    public void APidNamespace_IsJoinedByPath()
    {
        using Bundle first = NewBundle("plain", config => config.Args("sleep", "1000")).Launch();
        using Bundle second = NewBundle("plain", config =>
        {
            config.Args("sleep", "2000");
            config.Namespace("pid", $"/proc/{first.Pid}/ns/pid");
        }).Launch();

        Assert.Contains("sleep 2000", first.Shell("ps -o args"));
        Assert.Contains("sleep 1000", second.Shell("ps -o args"));
    }

    [Theory]
    [InlineData("ipc")]
    [InlineData("uts")]
    [InlineData("cgroup")]
    public void OtherNamespaces_AreJoinedByPath(string type)
    {
        using Bundle first = NewBundle("plain", config => config.Args("sleep", "1000")).Launch();

        string inside = Inside("plain", $"readlink /proc/self/ns/{type}", config =>
        {
            config.Namespace(type, $"/proc/{first.Pid}/ns/{type}");
            if (type == "uts")
            {
                config.Remove("hostname");
            }
        });

        Assert.Equal(first.Shell($"readlink /proc/self/ns/{type}"), inside);
    }

    [Fact]
    public void APlainContainer_CanShareTheHostsNetworkAndPids()
    {
        string inside = Inside("plain", "readlink /proc/self/ns/net; readlink /proc/self/ns/pid", config =>
            config.Linux()["namespaces"]!.AsArray().RemoveAll(entry => (string)entry!["type"]! is "network" or "pid"));

        Assert.Equal(Succeeded(Bash("readlink /proc/self/ns/net; readlink /proc/self/ns/pid")), inside);
    }

    [Theory]
    [InlineData("pid")]
    [InlineData("network")]
    [InlineData("ipc")]
    public void ASystemContainer_CannotShareTheHosts(string type)
    {
        using Bundle bundle = NewBundle("system", config =>
            config.Linux()["namespaces"]!.AsArray().RemoveAll(entry => (string)entry!["type"]! == type));

        Failed(bundle.Run(), $"cannot share the host's {type} namespace");
    }

    [Fact]
    public void APathThatIsNoNamespace_IsNamed()
    {
        using Bundle bundle = NewBundle("plain", config => config.Namespace("network", "/nonsense/net"));
        Failed(bundle.Run(), "open '/nonsense/net'");

        bundle.Change(config => config.Namespace("network", "/etc/passwd"));
        Failed(bundle.Run(), "/etc/passwd");
    }
}
