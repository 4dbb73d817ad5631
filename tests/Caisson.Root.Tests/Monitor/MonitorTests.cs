using System.Net.Sockets;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Monitor;

/// <summary>The two processes that serve a container's view: whatever happens to them, the container goes on.</summary>
public sealed class MonitorTests : MonitoredTest
{
    [Fact]
    public void AMonitor_BelongsToNothingOfTheContainerAndHoldsNothingOfTheHost()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);

        Assert.Equal("ok", monitor.State);
        foreach (int pid in (int[])[monitor.Holder, monitor.Worker])
        {
            Assert.DoesNotContain(bundle.Id, File.ReadAllText($"/proc/{pid}/cgroup"));
            Assert.DoesNotContain(bundle.Id, File.ReadAllText($"/proc/{pid}/mountinfo"));
            Assert.Equal("/dev/null", new FileInfo($"/proc/{pid}/fd/0").LinkTarget);
            Assert.Equal("/dev/null", new FileInfo($"/proc/{pid}/fd/1").LinkTarget);
            Assert.EndsWith("/monitor.log", new FileInfo($"/proc/{pid}/fd/2").LinkTarget);
        }
    }

    [Fact]
    public void TheCallersPipes_AreNotKeptOpen()
    {
        using Bundle bundle = NewBundle("system", config => config.Args("sleep", "1000"));

        // The container has the pipe; once that ends, nobody may.
        CommandResult result = Bash(
            $"$CAISSON run -d -b {bundle.Directory} {bundle.Id} 2>&1 | cat & pipe=$!; until $CAISSON state {bundle.Id} 2>/dev/null | grep -q running; do :; done; "
            + $"$CAISSON kill {bundle.Id} KILL; wait $pipe; echo closed");

        Assert.Contains("closed", Succeeded(result));
    }

    [Fact]
    public void AMonitor_EndsWithItsContainer()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        (int holder, int worker) = (monitor.Holder, monitor.Worker);

        bundle.Kill("KILL");

        Eventually(() => !IsRunning(holder) && !IsRunning(worker), "the monitor ends", 2);
    }

    // The tests of all others rely on it.
    [Fact]
    public void AMonitorThatWereLeftBehind_WouldBeFound()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);

        Assert.Equal(
            ((int[])[monitor.Holder, monitor.Worker]).Order().Select(pid => $"{pid}"),
            Leftovers.Monitors(bundle.Id).Select(line => line.Split(' ')[1]).OrderBy(int.Parse));
        bundle.Kill("KILL");
        Eventually(() => Leftovers.Monitors(bundle.Id).Count == 0, "the monitor ends", 3);
    }

    [Fact]
    public void WhoeverConnectsToAMonitorAndIsSilent_IsNotWaitedForLong()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        using Socket silent = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        silent.Connect(new UnixDomainSocketEndPoint($"{States}/{bundle.Id}/monitor"));

        int worker = monitor.Worker;
        monitor.Kill(worker);

        monitor.AwaitWorkerAfter(worker);
        Assert.Equal("0", bundle.Shell($"cat {Panic}"));
    }

    [Fact]
    public void TenMonitors_TakeLittleMemory_AndDoNotWakeUp()
    {
        List<Bundle> bundles = [.. Enumerable.Range(0, 10).Select(_ => Sleeping())];
        try
        {
            bundles.ForEach(bundle => bundle.Shell("cat /proc/meminfo /proc/stat /proc/uptime >/dev/null"));
            int[] pids = [.. bundles.Select(bundle => new ViewMonitor(bundle)).SelectMany(monitor => new[] { monitor.Holder, monitor.Worker })];
            // The watchdog looks once more after the last request.
            Thread.Sleep(1500);
            long before = pids.Sum(Switches);
            Thread.Sleep(2000);
            double memory = pids.Sum(Pss) / 1024.0 / bundles.Count;

            Output?.WriteLine($"{memory:0.00} MiB a container");
            Assert.Equal(before, pids.Sum(Switches));
            Assert.True(memory <= 4, $"{memory:0.00} MiB a container");
        }
        finally
        {
            bundles.ForEach(bundle => bundle.Dispose());
        }
    }

    [Fact]
    public void WithoutAView_ThereIsNoMonitor()
    {
        using Bundle bundle = Sleeping(config => config["annotations"] = Config.Json(new Dictionary<string, string> { ["io.caisson.view"] = "off" }));

        Assert.DoesNotContain("monitor", Succeeded(bundle.Caisson("inspect", bundle.Id)));
        Assert.Equal("0", bundle.Shell("grep -c fuse /proc/mounts || true"));
        Failed(bundle.Caisson("repair", bundle.Id), "has no view of its own");
    }
}
