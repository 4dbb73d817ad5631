using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Checkpoint;

/// <summary>What an image does not have: mounts and namespaces of the outside, which a restore finds by name.</summary>
public sealed class CheckpointMountTests : CheckpointTest
{
    [Fact]
    public void Binds_ShowTheHostsFilesAgain_AndTheirPlacesAreMadeAnew()
    {
        string[] sources = [Source("outer"), Source("inner"), Source("linked")];
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Bind(sources[0], "/test", "rbind");
            config.Bind(sources[1], "/test/for/nested", "rbind", "ro");
            config.Bind(sources[2], "/link/here", "rbind");
            config.Bind($"{sources[2]}/word", "/dev/word", "bind");
            config.Args("sleep", "1000");
        });
        Directory.CreateDirectory($"{bundle.Rootfs}/real");
        File.CreateSymbolicLink($"{bundle.Rootfs}/link", "/real");
        Succeeded(Bash($"$CAISSON --isolation=plain run -d -b {bundle.Directory} {bundle.Id} </dev/null >/dev/null 2>&1"));
        Succeeded(Checkpoint(bundle));
        Directory.Delete($"{sources[0]}/for", recursive: true);
        File.WriteAllText($"{sources[2]}/word", "changed");

        Succeeded(Restore(bundle, "-d"));

        Assert.Equal("outer inner changed changed", bundle.Shell("echo $(cat /test/word) $(cat /test/for/nested/word) $(cat /real/here/word) $(cat /dev/word)"));
        Assert.Contains("Read-only", bundle.Exec("touch", "/test/for/nested/x").Errors);
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(bundle.Id));
    }

    [Fact]
    public void AContainerThatHasExchangedItsMountsPlaces_IsNotDumped()
    {
        string[] sources = [Source("one"), Source("two")];
        using Bundle bundle = Launch(config =>
        {
            config.Bind(sources[0], "/a/m", "rbind", "ro");
            config.Bind(sources[1], "/b/m", "rbind");
            config.Args("sleep", "1000");
        });
        bundle.Shell("mv /a /t && mv /b /a && mv /t /b");

        Failed(Checkpoint(bundle), $"mount /a/m: what the container has there is not '{sources[0]}' of the host");

        Assert.Equal("running", bundle.Status);
    }

    [Fact]
    public void AnIdMappedBind_IsRefused_AsItWouldComeBackWithout()
    {
        using Bundle bundle = Launch(config =>
        {
            object[] ids = [new { containerID = 0, hostID = 5000, size = 10 }];
            config["mounts"]!.AsArray().Add(Config.Json(new
            {
                destination = "/mapped",
                type = "bind",
                source = Source("mapped"),
                options = (string[])["bind"],
                uidMappings = ids,
                gidMappings = ids,
            }));
            config.Args("sleep", "1000");
        });

        Failed(Checkpoint(bundle), "mount /mapped: its ids are mapped");

        Assert.Equal("running", bundle.Status);
    }

    [Fact]
    public void ANetworkNamespaceByPath_IsJoinedAgain()
    {
        string name = Path.GetFileName(Scratch);
        Succeeded(Command.Run("ip", ["netns", "add", name]));
        try
        {
            using Bundle bundle = Launch(config =>
            {
                config.Namespace("network", $"/run/netns/{name}");
                config.Args("sleep", "1000");
            });
            string before = bundle.Shell("readlink /proc/self/ns/net");

            Succeeded(Checkpoint(bundle));
            Succeeded(Restore(bundle, "-d"));

            Assert.Equal(before, bundle.Shell("readlink /proc/self/ns/net"));
        }
        finally
        {
            Succeeded(Command.Run("ip", ["netns", "delete", name]));
        }
    }

    [Fact]
    public void Hooks_SeeTheRestoredProcess_AndTheEndOfTheDumped()
    {
        using Bundle bundle = Launch(config =>
        {
            config["hooks"] = Config.Json(new
            {
                createRuntime = new[] { Hook("createRuntime") },
                poststop = new[] { Hook("poststop") },
            });
            config.Args("sleep", "1000");
        });
        File.Delete($"{Scratch}/createRuntime");

        Succeeded(Checkpoint(bundle));
        Succeeded(Restore(bundle, "-d"));

        JsonNode told = JsonNode.Parse(File.ReadAllText($"{Scratch}/createRuntime"))!;
        Assert.Equal((bundle.Pid, "creating"), ((int)told["pid"]!, (string)told["status"]!));
        Assert.Equal("stopped", (string)JsonNode.Parse(File.ReadAllText($"{Scratch}/poststop"))!["status"]!);
    }

    object Hook(string name) => new { path = "/bin/sh", args = new[] { "sh", "-c", $"cat >{Scratch}/{name}" } };

    // A directory with a file that says its name.
    string Source(string name)
    {
        Directory.CreateDirectory($"{Scratch}/{name}");
        File.WriteAllText($"{Scratch}/{name}/word", name);
        return $"{Scratch}/{name}";
    }
}
