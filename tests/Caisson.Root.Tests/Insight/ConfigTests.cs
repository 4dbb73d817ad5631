using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Insight;

/// <summary>The host's configuration (docs/configuration.md): what it does to containers.</summary>
public sealed class ConfigTests : RootTest
{
    string File => $"{Scratch}/config.json";

    [Fact]
    public void Show_TellsWhatHolds_AndWhereItComesFrom()
    {
        Write("""{"options": {"disk-size": "20G"}}""");
        string[] lines = Succeeded(Caisson("--config", File, "config", "show")).Split('\n');

        Assert.Matches("^data +/var/lib/caisson +default$", lines[1]);
        Assert.Single(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["options.disk-size", "20G", var from] && from == File);
    }

    [Fact]
    public void Check_SaysAllThatIsWrong_AndNoContainerIsMadeThen_ButThoseThatRunCanBeEnded()
    {
        using Bundle bundle = NewBundle("system", config => config.Shell("sleep 60"));
        Write("{}");
        Assert.Equal($"{File}: good", Succeeded(Caisson("--config", File, "config", "check")));
        Succeeded(bundle.Caisson("run", "-d", bundle.Id));

        Write("""{"data": 3, "else": 1}""");
        Failed(Caisson("config", "check", File), $"{File} has 2 problems:\n  /data: expected an absolute path, found 3 (write it so, or leave it out)\n  /else: is not known");
        Failed(bundle.Caisson("--config", File, "run", "-d", $"{bundle.Id}-2"), $"{File} has 2 problems");
        Succeeded(bundle.Caisson("--config", File, "delete", "--force", bundle.Id));
    }

    [Fact]
    public void Ids_ComeFromTheConfiguredRange()
    {
        Write("""{"ids": {"start": 1234567, "count": 65536}}""");
        using Bundle bundle = NewBundle("system", config => config.Shell("cat /proc/self/uid_map"));

        Assert.Equal(["0", "1234567", "65536"], Succeeded(bundle.Caisson("--config", File, "run", bundle.Id)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Options_HoldForContainersThatAreGivenNone_AndForTheirLaterProcesses()
    {
        Write("""{"options": {"capabilities": "spec"}}""");
        using Bundle bundle = NewBundle("system", config => config.Shell("sleep 60"));
        Succeeded(bundle.Caisson("--config", File, "run", "-d", bundle.Id));

        // Whatever the file says meanwhile.
        string[] capabilities = Succeeded(bundle.Caisson("exec", bundle.Id, "grep", "CapBnd", "/proc/1/status", "/proc/self/status")).Split('\n');
        Assert.Equal(capabilities[0].Split('\t')[1], capabilities[1].Split('\t')[1]);
        Assert.DoesNotContain("1ff", capabilities[0]);
        Assert.Equal("spec", (string)JsonNode.Parse(Succeeded(bundle.Caisson("inspect", bundle.Id)))!["annotations"]!["io.caisson.capabilities"]!);
        Succeeded(bundle.Caisson("delete", "--force", bundle.Id));
    }

    [Fact]
    public void Data_IsWhereStorageLies()
    {
        Write($$"""{"data": "{{Scratch}}/data"}""");
        using Bundle bundle = NewBundle("system", config => config.Shell("grep ' /var/lib/docker ' /proc/self/mountinfo | cut -d' ' -f4"));

        Assert.EndsWith($"{Scratch}/data/docker/{bundle.Id}", Succeeded(bundle.Caisson("--config", File, "run", bundle.Id)));
    }

    [Fact]
    public void Schema_IsThatOfTheFile()
    {
        JsonNode schema = JsonNode.Parse(Succeeded(Caisson("config", "schema")))!;

        Assert.Equal(["$schema", "data", "ids", "options"], schema["properties"]!.AsObject().Select(member => member.Key));
        Assert.Equal("integer", (string)schema["properties"]!["ids"]!["properties"]!["start"]!["type"]!);
    }

    void Write(string text) => System.IO.File.WriteAllText(File, text);
}
