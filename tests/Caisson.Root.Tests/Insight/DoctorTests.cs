using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Insight;

/// <summary><c>doctor</c>: what it finds is so, and nothing of its trials stays.</summary>
public sealed class DoctorTests : RootTest
{
    [Fact]
    public void OnThisMachine_EverythingThatContainersNeedWorks()
    {
        JsonNode report = JsonNode.Parse(Succeeded(Caisson("doctor", "--json")))!;

        Assert.True((bool)report["works"]!["system"]!);
        string[] needed = ["user-namespaces", "id-mapped-mounts", "overlay", "proc", "fuse", "listener", "cgroups", "ids", "nftables"];
        Assert.All(needed, check => Assert.All(Of(report, check), finding => Assert.Equal("ok", (string)finding["verdict"]!)));
        Assert.All(needed, check => Assert.NotEmpty(Of(report, check)));
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), (string)report["kernel"]!);
    }

    [Fact]
    public void AFileSystemThatCannotBeMapped_IsNamed_WithARemedy_AndTheExitCodeTells()
    {
        // ramfs is one that the kernel does not map.
        CommandResult result = Bash(
            $$"""unshare -m bash -ec 'mkdir ramfs; mount -t ramfs none ramfs; echo "{\"data-root\": \"$PWD/ramfs\"}" >daemon.json; $0 doctor --config daemon.json id-mapped-mounts overlay' {{Host.Caisson}}""");

        Assert.Equal(1, result.ExitCode);
        Assert.Matches($"(?m)^missing  +{Scratch}/ramfs: ramfs refuses them: Invalid argument \\(EINVAL\\)$", result.Output);
        // What is well elsewhere is said, too.
        Assert.Matches("(?m)^ok  +overlay on mapped layers  ", result.Output);
        Assert.Matches($"(?m)^missing  +{Scratch}/ramfs: the file system of '{Scratch}/ramfs/[^ ]+' cannot be ID-mapped", result.Output);
        Assert.Contains("helps: keep the engine's data (Docker: data-root) on ext4", result.Output);
        Assert.Contains("System containers will not work here", result.Output);
    }

    [Fact]
    public void RootOfAUserNamespace_IsToldWhatIsMissing()
    {
        CommandResult result = Bash($"unshare -Urm {Host.Caisson} doctor user-namespaces cgroups");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("missing  user namespaces", result.Output);
        Assert.Contains("this is a container", result.Output);
    }

    [Fact]
    public void AnOrdinaryUser_IsToldToBeRoot() =>
        Failed(Bash($"cp {Host.Caisson} /tmp/{Path.GetFileName(Scratch)}.bin; setpriv --reuid 65534 --clear-groups /tmp/{Path.GetFileName(Scratch)}.bin doctor; code=$?; rm /tmp/{Path.GetFileName(Scratch)}.bin; exit $code"), "hint: sudo caisson doctor");

    [Fact]
    public void AnEngineThatDoesNotKnowCaisson_IsNamed_UntilItDoes()
    {
        string config = $"{Scratch}/daemon.json";
        string before = (string)Of(Doctor(config), "engines")[0]["found"]!;
        Succeeded(Caisson("install", "--bin-dir", $"{Scratch}/bin", "--config", config, "--docker-pid-file", $"{Scratch}/none"));
        string after = (string)Of(Doctor(config), "engines")[0]["found"]!;
        File.Delete($"{Scratch}/bin/caisson");
        string broken = (string)Of(Doctor(config), "engines")[0]["found"]!;

        Assert.Equal("Docker does not know caisson", before);
        Assert.Equal("Docker knows caisson, caisson-plain", after);
        Assert.Equal($"Docker's runtime caisson is '{Scratch}/bin/caisson', which is not there", broken);
    }

    [Fact]
    public void OnATerminal_ItHasColours_AndNoneElsewhere()
    {
        string terminal = Succeeded(Bash($"TERM=xterm env -u NO_COLOR script -qec '{Host.Caisson} doctor proc' /dev/null"));
        string plain = Succeeded(Bash($"TERM=xterm NO_COLOR=1 script -qec '{Host.Caisson} doctor proc' /dev/null"));

        Assert.Contains("\e[32mok\e[0m", terminal);
        Assert.DoesNotContain('\e', plain);
        Assert.DoesNotContain('\e', Succeeded(Caisson("doctor", "proc")));
    }

    [Fact]
    public void AnUnknownCheck_IsRefused_WithThoseThatAre() => Failed(Caisson("doctor", "teeth"), "unknown check \"teeth\"; known are user-namespaces, ");

    JsonNode Doctor(string config) => JsonNode.Parse(Succeeded(Caisson("doctor", "--json", "--config", config, "engines")))!;

    static JsonNode[] Of(JsonNode report, string check) => [.. report["findings"]!.AsArray().Where(finding => (string)finding!["check"]! == check)!];
}
