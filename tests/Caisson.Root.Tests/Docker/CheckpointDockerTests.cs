using Caisson.Root.Tests.Checkpoint;

namespace Caisson.Root.Tests.Docker;

/// <summary>
/// An engine that has CRIU, with its experimental commands. Docker 28's own <c>start --checkpoint</c> fails whatever the runtime.
/// </summary>
public sealed class CheckpointEngine() : DockerEngine("bookworm", "--programs", Environment.UserName == "root" ? CheckpointTest.Criu : "", "--", "--experimental");

/// <summary><c>docker checkpoint</c></summary>
public sealed class CheckpointDockerTests(CheckpointEngine engine) : EngineTests(engine), IClassFixture<CheckpointEngine>
{
    [Fact]
    public void APlainContainer_GoesOnFromItsCheckpoint_OnItsNetwork_WithItsLogAndVolume()
    {
        File.WriteAllText($"{Engine.Scratch}/word", "before");
        Engine.Run(
            "run", "-d", "--name", "counter", "--runtime", "caisson-plain", "-v", $"{Engine.Scratch}/word:/word:ro", "busybox", "sh", "-c",
            "i=0; while :; do i=$((i+1)); echo $i $(cat /word); sleep 0.05; done");
        try
        {
            Eventually(() => Last() > 3, "the process prints");
            Engine.Run("checkpoint", "create", "counter", "one");
            Eventually(() => Engine.Run("inspect", "-f", "{{.State.Running}}", "counter") == "false", "Docker takes it for stopped");
            int before = Last();

            Engine.Run("start", "--checkpoint", "one", "counter");

            Eventually(() => Last() > before, "the restored process prints on");
            Assert.Equal(Enumerable.Range(1, before + 1).Select(number => $"{number} before"), Lines().Take(before + 1));
            Assert.Contains("inet 10.213.", Engine.Run("exec", "counter", "ip", "address", "show", "dev", "eth0"));
            Engine.Run("kill", "counter");
        }
        finally
        {
            Engine.Try("rm", "-f", "counter");
        }
    }

    [Fact]
    public void ASystemContainer_IsRefused_AndGoesOn()
    {
        Engine.Run("run", "-d", "--name", "whole", "--runtime", "caisson", "busybox");
        try
        {
            CommandResult result = Engine.Try("checkpoint", "create", "whole", "one");

            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains("is a system container, and CRIU cannot dump one", result.Errors);
            Assert.Equal("runs", Engine.Run("exec", "whole", "echo", "runs"));
        }
        finally
        {
            Engine.Try("rm", "-f", "whole");
        }
    }

    int Last() => Lines() is [.., { } line] && int.TryParse(line.Split(' ')[0], out int number) ? number : 0;

    string[] Lines() => Engine.Run("logs", "counter").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
