using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Hooks of all kinds: their order, what they read, where they stand, and what their failure does.</summary>
public sealed class HookTests : RootTest
{
    static readonly string[] Kinds = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    string Log => $"{Scratch}/hooks.log";

    [Theory, ForEachLevel]
    public void AllKinds_RunInOrder_WithTheStateOnTheirInput(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config["annotations"] = Config.Json(new { key = "value" });
            config["hooks"] = new JsonObject(Kinds.Where(kind => kind != "startContainer").Select(kind =>
                KeyValuePair.Create(kind, (JsonNode?)Config.Json((object[])[Hook($"cat >>{Log}; echo ' {kind}' $A >>{Log}", "A=env")]))));
            config["hooks"]!["startContainer"] = Config.Json((object[])
                [new { path = "/bin/sh", args = (string[])["sh", "-c", "cat >/started; echo >>/started; cat /proc/1/comm; id -u >>/started; cat /proc/self/comm >>/started; touch /by-hook"], env = (string[])["PATH=/bin:/usr/bin"] }]);
        });

        Succeeded(bundle.Create());
        int pid = bundle.Pid;
        Assert.Equal(["prestart creating", "createRuntime creating", "createContainer creating"], Ran(pid));
        Assert.False(File.Exists($"{bundle.Rootfs}/started"));
        Succeeded(bundle.Start());
        Assert.Equal("poststart running", Ran(pid)[^1]);
        Assert.Equal("created", (string)JsonNode.Parse(File.ReadAllText($"{bundle.Rootfs}/started").Split('\n')[0])!["status"]!);
        Assert.Equal(["0", "cat"], File.ReadAllLines($"{bundle.Rootfs}/started")[1..]);
        // Made by the container's root.
        Assert.Equal("0", Succeeded(Command.Run("stat", ["-c", "%u", $"{bundle.Rootfs}/by-hook"])));
        Succeeded(bundle.Kill("KILL"));
        bundle.WaitFor("stopped");
        Assert.Equal(4, Ran(pid).Length);
        Succeeded(bundle.Delete());
        Assert.Equal("poststop stopped", Ran(pid)[^1]);
    }

    [Theory, ForEachLevel]
    public void AHookOfTheRuntime_StandsInTheHostsNamespaces(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("true");
            config["hooks"] = Config.Json(new
            {
                createRuntime = (object[])[Hook($"readlink /proc/self/ns/mnt /proc/self/ns/net >>{Log}; [ -d /proc/$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/') ] && echo alive >>{Log}")],
            });
        });

        Succeeded(bundle.Run());

        string own = Succeeded(Bash("readlink /proc/self/ns/mnt; readlink /proc/self/ns/net"));
        Assert.Equal($"{own}\nalive\n", File.ReadAllText(Log));
    }

    /// <summary>What hooks of the Container Device Interface do: look at libraries that have been bound, and add to them.</summary>
    [Theory, ForEachLevel]
    public void HooksFindTheRootFileSystemAtItsOwnPath_WithItsReadOnlyBinds_AndCanMountThere(string level)
    {
        string library = Directory.CreateDirectory($"{Scratch}/library").FullName;
        File.WriteAllText($"{library}/bound", "bound");
        string extra = Directory.CreateDirectory($"{Scratch}/extra").FullName;
        File.WriteAllText($"{extra}/by-hook", "mounted ");
        Bundle bundle = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config.Bind(library, "/lib/device", "ro");
        });
        bundle.Change(config => config["hooks"] = Config.Json(new
        {
            createRuntime = (object[])[Hook($"nsenter -m -t $(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/') mount --bind {extra} {bundle.Rootfs}/mnt")],
            createContainer = (object[])[Hook($"pwd >>{Log}; cat lib/device/bound {bundle.Rootfs}/lib/device/bound >>{Log}; echo cache >etc/cache")],
        }));
        using (bundle)
        {
            Directory.CreateDirectory($"{bundle.Rootfs}/mnt");
            bundle.Launch();

            Assert.Equal($"{bundle.Rootfs}\nboundbound", File.ReadAllText(Log));
            Assert.Equal("mounted cache", bundle.Shell("echo $(cat /mnt/by-hook /etc/cache)"));
        }
    }

    [Theory, ForEachLevel]
    public void AHookOfTheContainer_StandsInItsNetwork(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config["hooks"] = Config.Json(new { createContainer = (object[])[Hook($"readlink /proc/self/ns/net /proc/self/ns/uts >{Log}")] });
        }).Launch();

        string[] namespaces = File.ReadAllLines(Log);

        Assert.Equal(Succeeded(Command.Run("readlink", [$"/proc/{bundle.Pid}/ns/net"])), namespaces[0]);
    }

    [Theory]
    [InlineData("plain", "prestart")]
    [InlineData("plain", "createRuntime")]
    [InlineData("plain", "createContainer")]
    [InlineData("system", "prestart")]
    [InlineData("system", "createRuntime")]
    [InlineData("system", "createContainer")]
    public void AFailingHookOfCreate_EndsIt_AndItsOutputIsShown(string level, string kind)
    {
        using Bundle bundle = NewBundle(level, config => config["hooks"] = new JsonObject
        {
            [kind] = Config.Json((object[])[Hook("exit 0"), Hook("echo it broke >&2; exit 7")]),
        });

        CommandResult result = bundle.Create();

        Failed(result, $"/hooks/{kind}/1");
        Assert.Contains("exit code 7: it broke", result.Errors);
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Theory, ForEachLevel]
    public void AFailingStartContainerHook_KeepsTheContainerFromRunning(string level)
    {
        using Bundle bundle = NewBundle(level, config => config["hooks"] = Config.Json(new
        {
            startContainer = (object[])[new { path = "/bin/false" }],
        }));

        Failed(bundle.Run(), "/hooks/startContainer/0 \"/bin/false\" ended with exit code 1");

        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Fact]
    public void AFailingPoststartHook_EndsTheContainer()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Args("sleep", "1000");
            config["hooks"] = Config.Json(new { poststart = (object[])[Hook("exit 3")] });
        });
        Succeeded(bundle.Create());
        Failed(bundle.Start(), "/hooks/poststart/0");
        Assert.Equal("stopped", bundle.Status);
        Succeeded(bundle.Delete());

        Failed(bundle.Run("-d"), "/hooks/poststart/0");
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Fact]
    public void FailingPoststopHooks_OnlyWarn()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Args("true");
            config["hooks"] = Config.Json(new
            {
                poststop = (object[])[Hook("exit 4"), Hook("exit 5")],
            });
        });

        CommandResult result = bundle.Run();

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("exit code 4", result.Errors);
    }

    [Theory, ForEachLevel]
    public void AHook_IsEndedAtItsTimeout(string level)
    {
        using Bundle bundle = NewBundle(level, config => config["hooks"] = Config.Json(new
        {
            createRuntime = (object[])[new { path = "/bin/sleep", args = (string[])["sleep", "100"], timeout = 1 }],
        }));

        Failed(bundle.Create(), "did not end within its timeout of 1 s");
    }

    [Fact]
    public void AHookThatIsMissing_IsNamed()
    {
        using Bundle bundle = NewBundle("plain", config => config["hooks"] = Config.Json(new
        {
            createRuntime = (object[])[new { path = "/nonsense/hook" }],
        }));

        Failed(bundle.Create(), "/hooks/createRuntime/0 \"/nonsense/hook\"");
    }

    static object Hook(string script, params string[] env) =>
        new { path = "/bin/bash", args = (string[])["bash", "-c", script], env = (string[])["PATH=/usr/bin:/bin", .. env] };

    // "kind status" for each hook that has run; what else they read is checked here.
    string[] Ran(int pid) =>
    [
        .. File.ReadAllLines(Log).Select(line =>
        {
            JsonNode state = JsonNode.Parse(line[..(line.LastIndexOf('}') + 1)])!;
            Assert.Equal("value", (string)state["annotations"]!["key"]!);
            Assert.Equal((string)state["status"]! == "stopped" ? 0 : pid, (int)(state["pid"] ?? 0));
            Assert.StartsWith(Scratch, (string)state["bundle"]!);
            string[] words = line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ');
            Assert.Equal("env", words[1]);
            return $"{words[0]} {(string)state["status"]!}";
        }),
    ];
}
