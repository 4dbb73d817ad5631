using System.Diagnostics;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Monitor;

/// <summary><c>caisson repair</c>: what becomes of a view whose holder is gone, and of one that is to be served by another program.</summary>
public sealed class RepairTests : MonitoredTest
{
    [Fact]
    public void AnUpgrade_EndsThePauses()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        // The next one comes after 640 milliseconds or later.
        WithFailingWorkers(bundle, monitor, quickEnds: 9, seconds: 60);

        Stopwatch watch = Stopwatch.StartNew();
        Succeeded(bundle.Caisson("repair", "--upgrade", bundle.Id));

        Assert.NotEqual(0, monitor.Worker);
        Assert.Equal("0", bundle.Shell($"cat {Panic}"));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
    }

    [Fact]
    public void AKilledHolder_LeavesTheViewToItsWorker_UntilItIsRepaired()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        bundle.Shell($"echo 7 >{Panic}");

        // They have ended: their listeners are not handed over.
        for (int i = 0; i < 3; i++)
        {
            bundle.Shell("mkdir -p /p; mount -t proc proc /p; umount /p");
        }

        monitor.Kill(monitor.Holder);
        Eventually(() => monitor.State == "unguarded", "the holder is gone");
        Assert.Matches($@"{bundle.Id} +{bundle.Pid} +running +unguarded\n", bundle.Caisson("ps").Output);
        Assert.Equal("7", bundle.Shell($"cat {Panic}; mkdir -p /p; mount -t proc proc /p && umount /p"));

        Succeeded(bundle.Caisson("repair", bundle.Id));
        Eventually(() => monitor.State == "ok", "it is repaired");
        Assert.Equal("7\n7", bundle.Shell($"cat {Panic}; mount -t proc proc /p && cat /p/sys/kernel/panic && umount /p"));
        int worker = monitor.Worker;
        monitor.Kill(worker);
        monitor.AwaitWorkerAfter(worker);
    }

    [Fact]
    public void WhenBothAreGone_RepairBringsTheViewAndItsValuesBack()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        bundle.Shell($"echo 7 >{Panic}");

        monitor.Kill(monitor.Holder, monitor.Worker);
        Eventually(() => monitor.State == "gone", "both are gone");
        Assert.NotEqual(0, bundle.Exec("cat", Panic).ExitCode);
        Assert.Equal("running", bundle.Status);

        Succeeded(bundle.Caisson("repair", bundle.Id));
        Assert.Equal("ok", monitor.State);
        Assert.Equal("7", bundle.Shell($"cat {Panic}"));
        Assert.Equal("7", bundle.Shell("mkdir -p /p; mount -t proc proc /p && cat /p/sys/kernel/panic && umount /p"));
    }

    [Fact]
    public void AnUpgrade_PutsAnotherWorkerInItsPlace()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        (int holder, int worker) = (monitor.Holder, monitor.Worker);
        string copy = $"{Scratch}/caisson-new";
        File.Copy(Host.Caisson, copy);

        Succeeded(Host.Run(Scratch, [copy, "--root", States, "repair", "--upgrade", bundle.Id]));

        monitor.AwaitWorkerAfter(worker);
        Assert.Equal(holder, monitor.Holder);
        Assert.Equal(copy, new FileInfo($"/proc/{monitor.Worker}/exe").LinkTarget);
        Assert.Equal("0", bundle.Shell($"cat {Panic}"));
    }

    [Fact]
    public void AStoppedContainer_HasNothingToRepair()
    {
        using Bundle bundle = Sleeping();
        bundle.Kill("KILL");
        Eventually(() => bundle.Status == "stopped", "it stops");

        Failed(bundle.Caisson("repair", "--upgrade", bundle.Id), "does not run");
        Assert.Equal("gone", new ViewMonitor(bundle).State);
    }
}
