using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Install;

/// <summary><c>install</c> and <c>uninstall</c> with a dockerd that runs and goes on running.</summary>
public sealed class ReloadTests : RootTest
{
    [Theory]
    [InlineData("bookworm")]
    [InlineData("sid")]
    public void ARunningDocker_LearnsAndForgetsTheRuntime_AndItsContainersGoOn(string suite)
    {
        using PrivateDocker engine = new(Scratch, suite);
        string daemon = File.ReadAllText($"{engine.Place}/dockerd.pid");
        string before = File.ReadAllText(engine.Config);
        string[] places =
            ["--bin-dir", $"{Scratch}/bin", "--config", engine.Config, "--docker-pid-file", $"{engine.Place}/dockerd.pid"];
        engine.Docker("run", "-d", "--name", "other", "busybox");
        string other = Life("other");

        Assert.Contains("dockerd has been told to read it", Succeeded(Caisson(["install", .. places, "--alias", "sysbox-runc"])));
        Eventually(() => engine.Runtimes.Contains("caisson"), "docker info lists the runtime");
        Assert.Equal(["caisson", "caisson-plain", "runc", "sysbox-runc"], engine.Runtimes.Order(StringComparer.Ordinal));
        foreach (string runtime in (string[])["caisson", "caisson-plain", "sysbox-runc"])
        {
            Assert.Equal("works", engine.Docker("run", "--rm", "--runtime", runtime, "busybox", "echo", "works"));
        }

        // A runtime with arguments is called by a script of dockerd's.
        JsonNode argued = JsonNode.Parse(File.ReadAllText(engine.Config))!;
        argued["runtimes"]!["argued"] = Config.Json(new { path = $"{Scratch}/bin/caisson", runtimeArgs = (string[])["--log-format", "json"] });
        File.WriteAllText(engine.Config, argued.ToJsonString());
        Assert.Equal(0, Command.Run("kill", ["-HUP", daemon.Trim()]).ExitCode);
        Eventually(() => engine.Runtimes.Contains("argued"), "docker info lists the runtime with arguments");
        string installed = File.ReadAllText(engine.Config);
        foreach (string runtime in (string[])["caisson", "caisson-plain", "argued"])
        {
            string id = engine.Docker("run", "-d", "--name", "user", "--runtime", runtime, "busybox");
            CommandResult refused = Caisson(["uninstall", .. places]);
            Failed(refused, $"caisson: '{Scratch}/bin/caisson' is needed by a container: {id[..12]}\n");
            Assert.Contains($"hint: stop them (docker stop {id[..12]}), then uninstall again", refused.Errors);
            Assert.Equal(installed, File.ReadAllText(engine.Config));
            engine.Docker("stop", "-t", "0", "user");
            engine.Docker("rm", "user");
        }

        string said = Succeeded(Caisson(["uninstall", .. places]));
        Assert.DoesNotContain("stays", said);
        Assert.False(Directory.Exists("/run/caisson"), "/run/caisson goes with the last container");
        Assert.False(Directory.Exists("/var/lib/caisson"), "/var/lib/caisson goes with the last container");
        Eventually(() => !engine.Runtimes.Contains("caisson"), "docker info does not list the runtime");
        Assert.Equal(["runc"], engine.Runtimes);
        Assert.Empty(Directory.GetFileSystemEntries($"{Scratch}/bin"));

        Assert.Equal(daemon, File.ReadAllText($"{engine.Place}/dockerd.pid"));
        Assert.Equal(other, Life("other"));
        // dockerd-start writes an empty list of runtimes; an absent one means the same.
        JsonObject expected = JsonNode.Parse(before)!.AsObject();
        expected.Remove("runtimes");
        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(File.ReadAllText(engine.Config))!.ToJsonString());
        engine.Docker("rm", "-f", "other");

        string Life(string name) => engine.Docker("inspect", "-f", "{{.State.Running}} {{.State.Pid}} {{.State.StartedAt}}", name);
    }
}
