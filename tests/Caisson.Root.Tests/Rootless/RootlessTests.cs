using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Rootless;

/// <summary>Containers that an ordinary user starts: beside runc's where that can do the same.</summary>
public sealed class RootlessTests : RootTest
{
    static readonly int[] Groups = [7];

    static readonly string[] HookScript = ["sh", "-c", "id -u >/seen; echo $$ >>/seen"];

    const string Look = "id; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups; ls -l /dev | cut -c1-40,56-; "
        + "cat /proc/self/oom_score_adj; ls /sys; grep -E 'Cap|NoNewPrivs' /proc/self/status; umask; env | sort | grep -v ^HOME";

    [Fact]
    public void AContainerIsLikeRuncs()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure(Look);
        // Its own name is in nothing that is looked at.
        Assert.Equal(Succeeded(user.Bash("runc run one")), Succeeded(user.Bash("$PLAIN run one")));
        NothingIsLeft(user);
    }

    [Fact]
    public void ItsConfigurationIsLikeRuncs()
    {
        OrdinaryUser user = new(Scratch);
        JsonNode ours = Spec(user, "$PLAIN spec --rootless");
        JsonNode runcs = Spec(user, "runc spec --rootless");
        Assert.Equal(runcs["linux"]!["uidMappings"]!.ToJsonString(), ours["linux"]!["uidMappings"]!.ToJsonString());
        Assert.Equal(Types(runcs), Types(ours));
        Assert.Equal(Mount(runcs, "/sys"), Mount(ours, "/sys"));
        Assert.Equal(Mount(runcs, "/dev/pts"), Mount(ours, "/dev/pts"));
    }

    [Fact]
    public void ALife_WithSubordinateIds_AndAllCommands()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("exec sleep 1000", config =>
        {
            OrdinaryUser.MapMore(config);
            config.Linux()["namespaces"]!.AsArray().Add(Config.Json(new { type = "network" }));
            config.Process()["user"] = Config.Json(new { uid = 1000, gid = 1000, additionalGids = Groups });
        });
        Succeeded(user.Bash("$PLAIN create --pid-file pid one </dev/null >/dev/null 2>&1"));
        Assert.Equal("created", Status(user));
        Succeeded(user.Bash("$PLAIN start one"));
        Assert.Equal("running", Status(user));
        int pid = int.Parse(File.ReadAllText($"{user.Bundle}/pid"));
        Assert.Contains($"Uid:\t{OrdinaryUser.Subordinate + 999}\t", File.ReadAllText($"/proc/{pid}/status"), StringComparison.Ordinal);
        Assert.Equal("uid=1000 gid=1000 groups=7", Succeeded(user.Bash("$PLAIN exec one id")));
        Assert.Equal("0 lo:", Succeeded(user.Bash("$PLAIN exec -u 0 one sh -c 'echo $(id -u) $(ip link | grep -o \"lo:.*UP\" | cut -d\" \" -f1)'")));
        Assert.Equal("/dev/pts/0", Succeeded(user.Bash("$PLAIN exec -t one tty")));
        Assert.Equal(5, user.Bash("$PLAIN exec one sh -c 'exit 5'").ExitCode);
        Assert.Equal($"[{pid}]", Succeeded(user.Bash("$PLAIN ps -f json one")));
        Assert.Contains("one", Succeeded(user.Bash("$PLAIN list -q")), StringComparison.Ordinal);
        foreach (string command in (string[])["pause one", "events --stats one", "update --memory 100000000 one"])
        {
            Failed(user.Bash($"$PLAIN {command}"), "has no cgroup: it was started without the right to make one");
        }

        Failed(user.Bash("$PLAIN delete one"), "that is not stopped");
        Succeeded(user.Bash("$PLAIN kill one KILL"));
        Eventually(() => Status(user) == "stopped", "the container ends");
        Succeeded(user.Bash("$PLAIN delete one"));
        NothingIsLeft(user);
    }

    [Fact]
    public void ATerminal_IsTheContainers()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("tty; stty size", config => config.Process()["terminal"] = true);
        string seen = Succeeded(user.Bash("script -qec \"stty rows 17 cols 93; $PLAIN run one\" /dev/null"));
        Assert.Contains("/dev/pts/0\r\n17 93", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void SignalsOfTheForegroundCommand_ReachTheContainer()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("trap 'exit 9' TERM; echo up >/up; while :; do sleep 0.05; done");
        CommandResult ended = user.Bash("$PLAIN run one & p=$!; until [ -e rootfs/up ]; do sleep 0.05; done; kill -TERM $p; wait $p");
        Assert.Equal(9, ended.ExitCode);
        NothingIsLeft(user);
    }

    [Fact]
    public void HooksRun_AndSeeTheContainer()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("cat /seen", config => config["hooks"] = Config.Json(new
        {
            createRuntime = new[] { new { path = "/bin/sh", args = new[] { "sh", "-c", $"cat >{user.Bundle}/state" } } },
            startContainer = new[] { new { path = "/bin/sh", args = HookScript } },
            poststop = new[] { new { path = "/bin/sh", args = new[] { "sh", "-c", $"touch {user.Bundle}/gone" } } },
        }));
        string seen = Succeeded(user.Bash("$PLAIN run one"));
        Assert.StartsWith("0\n", seen, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"one\"", File.ReadAllText($"{user.Bundle}/state").Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(File.Exists($"{user.Bundle}/gone"));
    }

    [Fact]
    public void NamespacesOfAnotherContainer_AreJoined()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure("exec sleep 1000", config => config.Linux()["namespaces"]!.AsArray().Add(Config.Json(new { type = "network" })));
        Succeeded(user.Bash("$PLAIN run -d --pid-file pid one </dev/null >/dev/null 2>&1"));
        string pid = File.ReadAllText($"{user.Bundle}/pid");
        user.Configure("for n in net ipc pid uts mnt user; do readlink /proc/self/ns/$n; done; ps | grep -c '[s]leep 1000'", config =>
        {
            config.Remove("hostname");
            foreach ((string type, string name) in ((string, string)[])[("network", "net"), ("ipc", "ipc"), ("pid", "pid"), ("uts", "uts"), ("user", "user")])
            {
                config.Namespace(type, $"/proc/{pid}/ns/{name}");
            }

            config.Linux().Remove("uidMappings");
            config.Linux().Remove("gidMappings");
        });
        string[] seen = Succeeded(user.Bash("$PLAIN run two")).Split('\n');
        string[] first = [.. ((string[])["net", "ipc", "pid", "uts", "mnt", "user"]).Select(name => new FileInfo($"/proc/{pid}/ns/{name}").LinkTarget!)];
        Assert.Equal([.. first[..4], first[5], "1"], (string[])[.. seen[..4], seen[5], seen[6]]);
        Assert.NotEqual(first[4], seen[4]);
        Succeeded(user.Bash("$PLAIN delete -f one"));
        NothingIsLeft(user);
    }

    [Fact]
    public void ASystemContainer_HasAViewOfItsOwn_AndTheUserIsItsRoot()
    {
        OrdinaryUser user = new(Scratch);
        user.Configure(
            "id -u; cat /proc/self/uid_map; grep -c fuse.caisson /proc/mounts; cut -d. -f1 /proc/uptime; echo 7 >/proc/sys/kernel/panic && cat /proc/sys/kernel/panic; "
            + "mkdir /t; mount -t tmpfs none /t && unshare -Urmpf --mount-proc true && echo nested; touch /made",
            rootless: false);
        string[] seen = [.. Succeeded(user.Bash("$SYSTEM run one")).Split('\n').Select(Words)];
        Assert.Equal(["0", "0 0 1", "1 1 65536"], seen[..3]);
        Assert.InRange(int.Parse(seen[3]), 20, 200);
        Assert.InRange(int.Parse(seen[4]), 0, 100);
        Assert.Equal(["7", "nested"], seen[5..]);
        Assert.Equal($"{OrdinaryUser.Id}", Succeeded(Command.Run("stat", ["-c", "%u", $"{user.Bundle}/rootfs/made"])));
        NothingIsLeft(user);
        Assert.Empty(Directory.GetFiles($"{Scratch}/run/caisson/ids"));
    }

    string Status(OrdinaryUser user) => (string)JsonNode.Parse(Succeeded(user.Bash("$PLAIN state one")))!["status"]!;

    static JsonNode Spec(OrdinaryUser user, string command)
    {
        File.Delete($"{user.Bundle}/config.json");
        Succeeded(user.Bash(command));
        return JsonNode.Parse(File.ReadAllText($"{user.Bundle}/config.json"))!;
    }

    static string Types(JsonNode spec) =>
        string.Join(' ', spec["linux"]!["namespaces"]!.AsArray().Select(entry => (string)entry!["type"]!).Order());

    static string Mount(JsonNode spec, string destination) =>
        spec["mounts"]!.AsArray().Single(mount => (string)mount!["destination"]! == destination)!["options"]!.ToJsonString();

    static string Words(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static void NothingIsLeft(OrdinaryUser user) => Assert.Empty(Directory.GetFileSystemEntries(user.States));
}
