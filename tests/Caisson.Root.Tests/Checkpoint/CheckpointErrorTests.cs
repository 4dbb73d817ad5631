using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Checkpoint;

/// <summary>What cannot be: one line each, nothing left behind, and the container as it was.</summary>
public sealed class CheckpointErrorTests : CheckpointTest
{
    [Fact]
    public void WithoutCriu_TheErrorNamesThePackage()
    {
        using Bundle bundle = Launch(config => config.Args("sleep", "1000"));
        string path = $"PATH={Scratch}";

        CommandResult result = Host.Run(Scratch, ["/usr/bin/env", path, .. CommandLine("plain", "checkpoint", "--image-path", Image, bundle.Id)]);

        Failed(result, "criu is not installed");
        Assert.Contains("apt-get install criu", result.Errors);
        Assert.False(Directory.Exists(Image));
        Assert.Equal("running", bundle.Status);
    }

    [Fact]
    public void ASystemContainer_IsRefused_AndSoIsItsRestore()
    {
        using Bundle bundle = NewBundle("system", config => config.Args("sleep", "1000")).Launch();

        Failed(WithCriu("system", "checkpoint", "--image-path", Image, bundle.Id), "is a system container, and CRIU cannot dump one");
        Failed(WithCriu("system", "restore", "--image-path", Image, "-b", bundle.Directory, $"{bundle.Id}x"), "a system container cannot be restored");

        Assert.Equal("running", bundle.Status);
    }

    [Fact]
    public void AContainerThatDoesNotRun_IsNotDumped()
    {
        using Bundle bundle = NewBundle("plain", config => config.Args("sleep", "1000"));
        Succeeded(bundle.Create());

        Failed(Checkpoint(bundle), "Container cannot be checkpointed in created state");

        Assert.Equal("created", bundle.Status);
    }

    [Fact]
    public void WhatCriuCannotDump_StandsInTheError_AndTheContainerGoesOn()
    {
        // Its standard input is a file that no mount of the container has.
        using Bundle bundle = NewBundle("plain", config => config.Args("sleep", "1000")).Launch();

        CommandResult result = Checkpoint(bundle);

        Failed(result, "criu failed: type DUMP errno");
        Assert.Matches($@"Error \(criu/.*Can't lookup mount=.* \(log file: {Image}/dump\.log\)", result.Errors);
        Assert.Equal("running", bundle.Status);
        Assert.Contains("hint: that file is not the container's", result.Errors);
        Assert.Equal("it runs", bundle.Shell("echo it runs"));
    }

    [Fact]
    public void AnImageThatIsNone_IsAnErrorWithoutAContainer()
    {
        using Bundle bundle = Launch(config => config.Args("sleep", "1000"));
        Failed(Restore(bundle), $"--image-path: open '{Image}': No such file or directory (ENOENT)");
        Directory.CreateDirectory(Image);
        Failed(Restore(bundle), $"--image-path: open '{Image}/descriptors.json': No such file or directory (ENOENT)");
        File.WriteAllText($"{Image}/descriptors.json", "[1]");
        Failed(Restore(bundle), "descriptors.json is damaged");
        File.WriteAllText($"{Image}/descriptors.json", "[]");

        Failed(Restore(bundle), $"container \"{bundle.Id}\" exists already");
        Succeeded(bundle.Delete("--force"));
        Failed(Restore(bundle), $"(log file: {Image}/restore.log)");

        AssertGone(bundle, pid: int.MaxValue);
    }

    [Fact]
    public void AHookThatFails_UndoesTheRestore()
    {
        using Bundle bundle = Launch(config => config.Args("sleep", "1000"));
        Succeeded(Checkpoint(bundle));
        bundle.Change(config => config["hooks"] = Config.Json(new { createRuntime = new[] { new { path = "/bin/false" } } }));

        Failed(Restore(bundle, "-d"), "/hooks/createRuntime/0 \"/bin/false\" ended with exit code 1");

        AssertGone(bundle, pid: int.MaxValue);
        bundle.Change(config => config.Remove("hooks"));
        Succeeded(Restore(bundle, "-d"));
    }

    [Theory]
    [InlineData("--parent-path must be relative", "--parent-path", "/tmp")]
    [InlineData("invalid --parent-path", "--parent-path", "missing")]
    [InlineData("--empty-ns: namespace \"pid\" is not supported", "--empty-ns", "pid")]
    [InlineData("--manage-cgroups-mode is soft, full, strict or ignore, not \"some\"", "--manage-cgroups-mode", "some")]
    [InlineData("--page-server is ADDRESS:PORT, not \"host\"", "--page-server", "host")]
    public void AWrongOption_IsSaidBeforeAnythingIsMade(string message, params string[] options)
    {
        Failed(WithCriu("plain", ["checkpoint", "--image-path", Image, .. options, "nobody"]), message);
        Assert.False(Directory.Exists(Image));
    }

    [Fact]
    public void InAUserNamespace_TheErrorSaysWhatIsMissing() =>
        Failed(
            Host.Run(Scratch, ["unshare", "--user", "--map-root-user", .. CommandLineWithCriu("plain", "checkpoint", "nobody")]),
            "checkpoint and restore need the machine's root");
}
