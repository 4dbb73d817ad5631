using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>The commands of a container's life: exit codes, messages and output as runc has them.</summary>
public sealed class LifecycleTests : RootTest
{
    [Theory]
    [ForEachLevel]
    public void AContainer_IsCreatedStartedKilledAndDeleted(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000"));

        Assert.Equal(0, bundle.Create().ExitCode);
        Assert.Equal("created", bundle.Status);
        Assert.True(bundle.Pid > 0);
        Assert.Equal(0, bundle.Start().ExitCode);
        Assert.Equal("running", bundle.Status);
        Assert.Equal(0, bundle.Kill("KILL").ExitCode);
        bundle.WaitFor("stopped");
        Assert.Equal(0, bundle.Pid);
        Assert.Equal(0, bundle.Delete().ExitCode);

        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }
}
