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

        Succeeded(Caisson(["uninstall", .. places]));
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
