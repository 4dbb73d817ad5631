using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Output that programs read: the same members and columns as that of the runc which is installed.</summary>
public sealed class RuncShapeTests : RootTest
{
    [Fact]
    public void State_HasRuncsMembers()
    {
        using Bundle bundle = NewBundle("plain", config => config["annotations"] = Config.Json(new { a = "b" }));
        JsonNode[] both = CreatedByBoth(bundle, "state", bundle.Id).Select(text => JsonNode.Parse(text)!).ToArray();

        Assert.Equal(Members(both[0]), Members(both[1]));
        foreach (string member in (string[])["id", "status", "bundle", "rootfs"])
        {
            Assert.Equal((string)both[0][member]!, (string)both[1][member]!);
        }

        Assert.Equal("b", (string)both[1]["annotations"]!["a"]!);
    }

    [Fact]
    public void List_HasRuncsColumnsAndMembers()
    {
        using Bundle bundle = NewBundle("plain");
        string[] tables = CreatedByBoth(bundle, "list");
        Assert.Equal(Words(tables[0].Split('\n')[0]), Words(tables[1].Split('\n')[0]));
        Assert.Equal(Words(tables[0].Split('\n')[1]).Length, Words(tables[1].Split('\n')[1]).Length);

        JsonNode[] lists = [.. CreatedByBoth(bundle, "list", "-f", "json").Select(text => JsonNode.Parse(text)![0]!)];
        Assert.Equal(Members(lists[0]), Members(lists[1]));
        Assert.Equal((string)lists[0]["owner"]!, (string)lists[1]["owner"]!);

        Assert.Equal([bundle.Id, bundle.Id], CreatedByBoth(bundle, "list", "-q"));
    }

    [Fact]
    public void Stats_HaveRuncsMembers()
    {
        using Bundle bundle = NewBundle("plain");
        JsonNode[] both = [.. CreatedByBoth(bundle, "events", "--stats", bundle.Id).Select(text => JsonNode.Parse(text)!)];

        Assert.Equal(Members(both[0]), Members(both[1]));
        foreach (string part in (string[])["cpu", "cpuset", "memory", "pids"])
        {
            Assert.Empty(Members(both[0]["data"]![part]!).Except(Members(both[1]["data"]![part]!)));
        }
    }

    [Fact]
    public void Features_IncludeRuncs()
    {
        JsonNode runc = JsonNode.Parse(Succeeded(Host.Run(Scratch, ["runc", "features"])))!;
        JsonNode ours = JsonNode.Parse(Succeeded(Caisson("features")))!;

        Assert.Equal(Strings(runc["hooks"]!), Strings(ours["hooks"]!));
        Assert.Empty(Strings(runc["linux"]!["namespaces"]!).Except(Strings(ours["linux"]!["namespaces"]!)));
        Assert.Equal(Strings(runc["linux"]!["capabilities"]!), Strings(ours["linux"]!["capabilities"]!));
        Assert.Empty(Strings(runc["linux"]!["seccomp"]!["actions"]!).Except(Strings(ours["linux"]!["seccomp"]!["actions"]!)));
        // Options of file systems are passed on to them whatever they are.
        string[] passedOn = ["acl", "noacl", "dirsync", "sync", "lazytime"];
        string[] words = Strings(ours["mountOptions"]!);
        Assert.Empty(Strings(runc["mountOptions"]!).Except(words).Except(passedOn));
        Assert.Equal(words.Distinct(), words);
    }

    [Fact]
    public void Spec_IsAcceptedByRunc_AndWrittenOnce()
    {
        using Bundle bundle = NewBundle("plain", config => config.Args("echo", "hello"));

        Assert.Equal("hello", Succeeded(Runc("run", "-b", bundle.Directory, bundle.Id)));
        Failed(bundle.Caisson("spec"), "exists already");
    }

    [Fact]
    public void Version_NamesProgramAndSpec()
    {
        string[] lines = Succeeded(Caisson("--version")).Split('\n');

        Assert.Matches(@"^caisson version \d+\.\d+\.\d+$", lines[0]);
        Assert.Matches(@"^spec: \d+\.\d+\.\d+$", lines[1]);
    }

    [Theory]
    [InlineData(0, "exit 0")]
    [InlineData(7, "exit 7")]
    [InlineData(255, "exit 255")]
    [InlineData(137, "kill -KILL $$; sleep 10")]
    [InlineData(143, "sh -c 'kill -TERM $$'; exit $?")]
    public void ExitCodes_AreRuncs(int code, string script)
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Shell(script);
            // Init of a pid namespace is not killed by its own signals.
            config.Linux()["namespaces"]!.AsArray().RemoveAll(entry => (string)entry!["type"]! == "pid");
        });
        Assert.Equal(code, Runc("run", "-b", bundle.Directory, bundle.Id).ExitCode);
        Assert.Equal(code, bundle.Run().ExitCode);

        bundle.Change(config => config.Args("sleep", "1000"));
        bundle.Launch();
        Assert.Equal(code, bundle.Exec("sh", "-c", script).ExitCode);
    }

    [Fact]
    public void FailuresOfExec_HaveRuncsCode_WhichIsNotTheProcesses()
    {
        using Bundle bundle = NewBundle("plain", config => config.Args("sleep", "1000"));
        Succeeded(Runc("run", "-d", "-b", bundle.Directory, bundle.Id));
        int code = Runc("exec", bundle.Id, "nonsense").ExitCode;
        Succeeded(Runc("delete", "-f", bundle.Id));

        bundle.Launch();

        Failed(bundle.Exec("nonsense"), "executable file not found in $PATH", code);
    }

    CommandResult Runc(params string[] arguments) => Host.Run(Scratch, ["runc", "--root", $"{Scratch}/runc", .. arguments]);

    // What runc prints about a created container, and what Caisson does.
    string[] CreatedByBoth(Bundle bundle, params string[] command)
    {
        Succeeded(Runc("create", "-b", bundle.Directory, bundle.Id));
        string theirs = Succeeded(Runc(command));
        Succeeded(Runc("delete", "-f", bundle.Id));
        Succeeded(bundle.Create());
        string ours = Succeeded(bundle.Caisson(command));
        Succeeded(bundle.Delete());
        return [theirs, ours];
    }

    static string[] Members(JsonNode node) => [.. node.AsObject().Select(member => member.Key)];

    static string[] Strings(JsonNode node) => [.. node.AsArray().Select(entry => (string)entry!)];

    static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
