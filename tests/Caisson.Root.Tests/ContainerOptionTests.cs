using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>What options of a container do (docs/options.md).</summary>
public sealed class ContainerOptionTests : RootTest
{
    [Fact]
    public void TheSpecsCapabilities_CountIfTheyShall()
    {
        using Bundle bundle = Sleeping(config =>
        {
            config["annotations"] = new JsonObject { ["io.caisson.capabilities"] = "spec" };
            foreach ((string _, JsonNode? set) in config["process"]!["capabilities"]!.AsObject())
            {
                set!.AsArray().Clear();
                set.AsArray().Add("CAP_CHOWN");
            }
        });

        Assert.Equal("0000000000000001 0000000000000001", bundle.Shell("echo $(grep -E 'CapEff|CapBnd' /proc/1/status | cut -f 2)"));
        Assert.Equal("0000000000000001", bundle.Shell("grep CapEff /proc/self/status | cut -f 2"));
    }

    [Fact]
    public void ABindMount_KeepsTheHostsOwnersIfItShall()
    {
        string kept = Directory.CreateDirectory($"{Scratch}/kept").FullName;
        string mapped = Directory.CreateDirectory($"{Scratch}/mapped").FullName;
        using Bundle bundle = Sleeping(config =>
        {
            config.Bind(kept, "/kept");
            config.Bind(mapped, "/mapped");
            config["process"]!["env"]!.AsArray().Add("SYSBOX_SKIP_UID_SHIFT=/kept");
        });

        Assert.Equal("65534 0", bundle.Shell("stat -c %u /kept /mapped | xargs"));
    }

    [Fact]
    public void AMountThatCannotBeMapped_IsAnErrorIfItMustBe()
    {
        using Bundle bundle = NewBundle("system", config =>
        {
            config.Bind("/proc", "/outer");
            config["annotations"] = new JsonObject { ["io.caisson.mapped"] = "/outer" };
        });

        Failed(bundle.Run(), "mount_setattr MOUNT_ATTR_IDMAP");
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Fact]
    public void AnUnknownOption_IsAnError_AndNothingIsLeft()
    {
        using Bundle bundle = NewBundle("system", config => config["annotations"] = new JsonObject { ["io.caisson.veiw"] = "off" });

        CommandResult result = bundle.Run();

        Failed(result, "the annotation io.caisson.veiw is not known");
        Assert.Contains("hint: those that are: io.caisson.view, io.caisson.ids", result.Errors, StringComparison.Ordinal);
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    Bundle Sleeping(Action<JsonObject> change) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        change(config);
    }).Launch();
}
