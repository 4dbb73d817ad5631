using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Monitor;

/// <summary>A container's monitor as <c>caisson inspect</c> tells of it.</summary>
sealed class ViewMonitor(Bundle bundle)
{
    public string State => (string)Member("state")!;

    public int Holder => (int)Member("holderPid")!;

    public int Worker => (int)Member("workerPid")!;

    public int Restarts => (int)Member("restarts")!;

    public void Kill(params int[] pids)
    {
        foreach (int pid in pids)
        {
            Assert.True(pid > 1, $"{pid} is no process of the monitor's");
            Assert.Equal(0, Command.Run("kill", ["-KILL", $"{pid}"]).ExitCode);
        }
    }

    /// <summary>Until another worker than this one serves.</summary>
    public void AwaitWorkerAfter(int former) =>
        RootTest.Eventually(() => Worker is var worker && worker != 0 && worker != former, $"a worker after {former}");

    JsonNode? Member(string name)
    {
        CommandResult result = bundle.Caisson("inspect", bundle.Id);
        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonNode.Parse(result.Output)!["monitor"]![name];
    }
}
