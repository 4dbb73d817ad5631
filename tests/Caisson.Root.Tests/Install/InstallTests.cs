using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Install;

/// <summary><c>install</c> and <c>uninstall</c> where no dockerd runs: files only.</summary>
public sealed class InstallTests : RootTest
{
    const string Elaborate = """
        {
          "registry-mirrors": ["https://example.invalid"], "max-concurrent-downloads": 3,
          "runtimes": {"other": {"path": "/usr/bin/other", "runtimeArgs": ["--x", "ü<>"]}},
          "log-opts": {"max-size": "10m"}, "big": 12345678901234567890.10, "default-runtime": "runc"
        }
        """;

    string BinDirectory => $"{Scratch}/bin";

    string Config => $"{Scratch}/docker/daemon.json";

    [Fact]
    public void Install_MakesTheFile_AndUninstallLeavesNothing()
    {
        string output = Succeeded(Install());

        Assert.Contains("no dockerd runs", output);
        AssertSame(
            """{"runtimes": {"caisson": {"path": "BIN/caisson"}, "caisson-plain": {"path": "BIN/caisson-plain"}}}""".Replace("BIN", BinDirectory),
            File.ReadAllText(Config));
        Assert.Equal(Succeeded(Caisson("--version")), Succeeded(Host.Run(Scratch, [$"{BinDirectory}/caisson", "--version"])));
        Assert.Equal("caisson", new FileInfo($"{BinDirectory}/caisson-plain").LinkTarget);

        Succeeded(Uninstall());
        Assert.Empty(Directory.GetFileSystemEntries($"{Scratch}/docker"));
        Assert.Empty(Directory.GetFileSystemEntries(BinDirectory));
    }

    [Fact]
    public void Install_KeepsEverythingElse_InItsOrder_AndUninstallGoesBackToIt()
    {
        Write(Elaborate);
        Succeeded(Install("--alias", "sysbox-runc", "--alias", "sandbox"));

        JsonObject root = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        Assert.Equal(
            ["registry-mirrors", "max-concurrent-downloads", "runtimes", "log-opts", "big", "default-runtime"], root.Select(entry => entry.Key));
        JsonObject runtimes = root["runtimes"]!.AsObject();
        Assert.Equal(["other", "caisson", "caisson-plain", "sysbox-runc", "sandbox"], runtimes.Select(entry => entry.Key));
        Assert.Equal($"{BinDirectory}/caisson", (string)runtimes["sysbox-runc"]!["path"]!);
        Assert.Contains("12345678901234567890.10", File.ReadAllText(Config));

        Succeeded(Uninstall());
        AssertSame(Elaborate, File.ReadAllText(Config));
    }

    [Fact]
    public void Install_KeepsTheFilesMode()
    {
        Write("{}");
        Assert.Equal(0, Command.Run("chmod", ["600", Config]).ExitCode);
        Succeeded(Install());
        Assert.Equal("600\n", Command.Run("stat", ["-c", "%a", Config]).Output);
    }

    [Fact]
    public void Install_Twice_IsAsOnce_AndKeepsWhatWasAddedToOurRuntimes()
    {
        Succeeded(Install("--alias", "sysbox-runc"));
        JsonObject root = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        root["runtimes"]!["caisson"]!["runtimeArgs"] = new JsonArray("--debug");
        Write(root.ToJsonString());

        Succeeded(Install("--alias", "sysbox-runc"));
        AssertSame(root.ToJsonString(), File.ReadAllText(Config));
        Assert.Equal(["caisson", "caisson-plain"], Directory.GetFileSystemEntries(BinDirectory).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Uninstall_Twice_IsAsOnce()
    {
        Write(Elaborate);
        Succeeded(Install());
        Succeeded(Uninstall());
        Succeeded(Uninstall());
        AssertSame(Elaborate, File.ReadAllText(Config));
    }

    [Theory]
    [InlineData("{\n  \"debug\": tru", "line 2, byte ")]
    [InlineData("[]", "it is not an object")]
    [InlineData("{\"runtimes\": []}", "\"runtimes\" is not an object")]
    [InlineData("{\"debug\": true, \"debug\": false}", "")]
    public void AFileThatCannotBeRead_IsNamed_AndNothingIsTouched(string text, string why)
    {
        Write(text);
        CommandResult[] results = [Install(), Uninstall()];

        Assert.All(results, result =>
        {
            Failed(result, $"'{Config}' cannot be changed: {why}");
            Assert.Contains("hint: mend the file first", result.Errors);
        });
        Assert.Equal(text, File.ReadAllText(Config));
        Assert.False(Directory.Exists(BinDirectory));
    }

    [Fact]
    public void Install_DoesNotReplaceSomebodyElsesRuntime()
    {
        const string text = """{"runtimes": {"sysbox-runc": {"path": "/usr/bin/sysbox-runc"}}}""";
        Write(text);

        Failed(Install("--alias", "sysbox-runc"), "has a runtime \"sysbox-runc\" already, '/usr/bin/sysbox-runc'");
        Assert.Equal(text, File.ReadAllText(Config));
        Assert.False(Directory.Exists(BinDirectory));
    }

    [Fact]
    public void Uninstall_RefusesWhileItIsTheDefaultRuntime()
    {
        Write("""{"default-runtime": "caisson"}""");
        Succeeded(Install());
        string installed = File.ReadAllText(Config);

        Failed(Uninstall(), "Docker's default runtime is \"caisson\"");
        Assert.Equal(installed, File.ReadAllText(Config));
        Assert.True(File.Exists($"{BinDirectory}/caisson"));
    }

    [Theory, ForEachLevel]
    public void Uninstall_RefusesWhileAContainerIsThere(string level)
    {
        Succeeded(Install());
        using (Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch())
        {
            CommandResult refused = Uninstall();
            Failed(refused, $"'{BinDirectory}/caisson' is needed by a container: {bundle.Id}");
            Assert.Contains($"hint: remove them (caisson delete --force {bundle.Id}), then uninstall again", refused.Errors);
            Assert.True(File.Exists($"{BinDirectory}/caisson"));
            Assert.True(File.Exists(Config));
        }

        Assert.DoesNotContain("stays", Succeeded(Uninstall()));
        Assert.False(Directory.Exists("/run/caisson"));
        Assert.False(Directory.Exists("/var/lib/caisson"));
    }

    [Fact]
    public void Uninstall_KeepsWhatAContainerHasStored()
    {
        Succeeded(Install());
        // Of a container whose engine is not there just now: its disk is not mounted yet.
        string id = Path.GetFileName(Scratch);
        Directory.CreateDirectory($"/var/lib/caisson/docker/{id}");
        Directory.CreateDirectory("/var/lib/caisson/homes");
        File.CreateSymbolicLink($"/var/lib/caisson/homes/{id}", $"{Scratch}/engine/overlay2/layer/diff");
        try
        {
            Assert.Contains("'/var/lib/caisson' stays: containers have something there", Succeeded(Uninstall()));
            Assert.True(Directory.Exists($"/var/lib/caisson/docker/{id}"));
        }
        finally
        {
            Directory.Delete($"/var/lib/caisson/docker/{id}");
            File.Delete($"/var/lib/caisson/homes/{id}");
        }
    }

    CommandResult Install(params string[] options) => Caisson(["install", .. Places, .. options]);

    CommandResult Uninstall() => Caisson(["uninstall", .. Places]);

    string[] Places => ["--bin-dir", BinDirectory, "--config", Config, "--docker-pid-file", $"{Scratch}/none.pid"];

    void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Config)!);
        File.WriteAllText(Config, text);
    }

    // Equal but for white space: the members' order, too.
    static void AssertSame(string expected, string actual) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(actual)!.ToJsonString());
}
