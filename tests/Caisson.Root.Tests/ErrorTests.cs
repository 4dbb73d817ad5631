using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Mistakes of the caller: what, where and the remedy, and nothing is made.</summary>
public sealed class ErrorTests : RootTest
{
    [Theory, ForEachLevel]
    public void AllProblemsOfAConfig_AreToldAtOnce_EachWithItsPlace(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Process()["args"] = Config.Json(Array.Empty<string>());
            config.Process()["cwd"] = "relative";
            config.Process()["rlimits"] = Config.Json((object[])[new { type = "RLIMIT_NONSENSE", soft = 1, hard = 1 }]);
            config.Mount("", "tmpfs", "tmpfs");
            config.Linux()["namespaces"]!.AsArray().Add(Config.Json(new { type = "nonsense" }));
        });

        CommandResult result = bundle.Create();

        foreach (string pointer in (string[])["/process/args", "/process/cwd", "/process/rlimits/0/type", "/linux/namespaces/"])
        {
            Failed(result, $"  {pointer}");
        }

        Assert.Matches("config.json has [0-9]+ problems", result.Errors);
        Assert.False(Directory.Exists($"{States}/{bundle.Id}"));
    }

    [Fact]
    public void AllMembersOfTheWrongKind_AreToldAtOnce()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Process()["args"] = "true";
            config["hostname"] = 7;
            config.Linux()["namespaces"]![0]!["type"] = Config.Json((string[])["pid"]);
        });

        CommandResult result = bundle.Create();

        foreach (string pointer in (string[])["/process/args", "/hostname", "/linux/namespaces/0/type"])
        {
            Failed(result, $"  {pointer}: expected");
        }
    }

    [Theory]
    [InlineData("", "config.json")]
    [InlineData("{", "config.json")]
    [InlineData("[]", "expected an object")]
    [InlineData("{\"ociVersion\": \"1.0.2\",}", "config.json")]
    [InlineData("{\"ociVersion\": 1}", "/ociVersion")]
    [InlineData("{}", "/ociVersion")]
    [InlineData("{\"ociVersion\": \"9.0.0\", \"root\": {\"path\": \"rootfs\"}, \"process\": {\"args\": [\"true\"], \"cwd\": \"/\"}}", "/ociVersion")]
    public void AConfigThatIsNone_IsAnError(string text, string told)
    {
        using Bundle bundle = NewBundle("plain");
        File.WriteAllText(bundle.ConfigPath, text);

        Failed(bundle.Create(), told);

        Assert.False(Directory.Exists($"{States}/{bundle.Id}"));
    }

    [Fact]
    public void WhatIsMissing_IsNamed()
    {
        using Bundle bundle = NewBundle("plain", config => config["root"]!["path"] = "nonsense");
        Failed(bundle.Create(), $"/root/path: open '{bundle.Directory}/nonsense'");
        Failed(Caisson("create", "-b", "/nonsense", bundle.Id), "open '/nonsense/config.json'");
        File.Delete(bundle.ConfigPath);
        CommandResult result = bundle.Create();
        Failed(result, $"open '{bundle.Directory}/config.json'");
        Assert.Contains("hint: ", result.Errors);
    }

    [Theory]
    [InlineData("unknown command \"nonsense\"", "nonsense")]
    [InlineData("unknown option --nonsense", "create", "--nonsense", "x")]
    [InlineData("unknown option --nonsense", "--nonsense", "list")]
    [InlineData("a container id is missing", "create")]
    [InlineData("only a container id is expected", "delete", "a", "b")]
    [InlineData("--bundle needs a value", "create", "--bundle")]
    [InlineData("the container id holds '/'", "create", "a/b")]
    [InlineData("cannot be a container id", "state", "..")]
    [InlineData("does not exist", "state", "nonsense")]
    [InlineData("does not exist", "start", "nonsense")]
    [InlineData("does not exist", "kill", "nonsense", "KILL")]
    [InlineData("does not exist", "delete", "nonsense")]
    [InlineData("does not exist", "pause", "nonsense")]
    [InlineData("does not exist", "ps", "nonsense")]
    [InlineData("--format is table or json", "list", "--format", "xml")]
    [InlineData("--isolation is plain or system", "--isolation", "vm2", "create", "x")]
    [InlineData("--log-format is text or json", "--log-format", "xml", "list")]
    [InlineData("is no duration", "events", "--interval", "often", "nonsense")]
    public void AMistakeOnTheCommandLine_IsTold_WithAHint(string told, params string[] arguments)
    {
        if (told == "is no duration")
        {
            // It is looked at once there is a container.
            using Bundle bundle = NewBundle("plain", config => config.Args("sleep", "1000")).Launch();
            Failed(bundle.Caisson("events", "--interval", "often", bundle.Id), told);
            return;
        }

        CommandResult result = Caisson(arguments);

        Failed(result, told);
        Assert.StartsWith("caisson: ", result.Errors);
        Assert.Contains("\nhint: ", result.Errors);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public void ALog_HasWhatIsToldToPeople()
    {
        string log = $"{Scratch}/log";
        Failed(Caisson("--log", log, "--log-format", "json", "state", "nonsense"), "does not exist");
        Failed(Caisson("--log", log, "start", "nonsense"), "does not exist");

        string[] lines = File.ReadAllLines(log);

        JsonNode json = JsonNode.Parse(lines[0])!;
        Assert.Equal("error", (string)json["level"]!);
        Assert.Contains("container \"nonsense\" does not exist", (string)json["msg"]!);
        Assert.Matches("^time=\"[^\"]+\" level=error msg=\".*does not exist", lines[1]);
    }

    [Theory, ForEachLevel]
    public void ACgroupThatIsTaken_IsNotShared_OrIsTold(string level)
    {
        string path = $"/{Path.GetFileName(Scratch)}-taken";
        using Bundle one = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config.Linux()["cgroupsPath"] = path;
        }).Launch();
        using Bundle other = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config.Linux()["cgroupsPath"] = path;
        });

        CommandResult result = other.Run("-d");

        Failed(result, path[1..]);
        Assert.Equal("running", one.Status);
    }

    [Theory, ForEachLevel]
    public void ACgroupWhoseParentsAreMissing_IsMade(string level)
    {
        string parent = Path.GetFileName(Scratch);
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config.Linux()["cgroupsPath"] = $"/{parent}-a/b/c";
        }).Launch();
        Assert.Contains($"/{parent}-a/b/c", File.ReadAllText($"/proc/{bundle.Pid}/cgroup"));
        Succeeded(bundle.Delete("--force"));

        // What lies above may be others' by now, as with runc: it stays.
        Bash($"for d in $(find /sys/fs/cgroup -depth -type d -path '*/{parent}-a*'); do rmdir $d; done");
    }
}
