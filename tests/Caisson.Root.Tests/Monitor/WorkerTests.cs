using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Monitor;

/// <summary>A worker may end at any time, and whoever uses the view notices nothing.</summary>
public sealed class WorkerTests : MonitoredTest
{
    [Fact]
    public void AKilledWorker_IsReplaced_AndValuesStay()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        bundle.Shell($"echo 7 >{Panic}");
        for (int i = 1; i <= 5; i++)
        {
            int worker = monitor.Worker;
            monitor.Kill(worker);

            Assert.Equal("7", bundle.Shell($"cat {Panic}"));
            monitor.AwaitWorkerAfter(worker);
            Assert.Equal(i, monitor.Restarts);
        }
    }

    [Fact]
    public void UnderLoad_AKilledWorkerIsNoticedByNobody()
    {
        const int processes = 50;
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        string value = bundle.Shell($"echo 7 >{Panic}; cat {Panic}");
        // Each reads, writes and mounts until it is told to stop; the first wrong answer ends it with what it saw.
        const string load = """
            i=0
            while [ ! -e /stop ]; do
              [ "$(cat /proc/sys/kernel/panic)" = 7 ] || { echo "panic: $(cat /proc/sys/kernel/panic)" >>/wrong; exit 1; }
              grep -q '^MemTotal: *262144 kB' /proc/meminfo || { echo "meminfo: $(head -n 1 /proc/meminfo)" >>/wrong; exit 1; }
              echo $i >/proc/sys/vm/swappiness || { echo "write $i" >>/wrong; exit 1; }
              i=$(( (i + 1) % 100 ))
              if [ $1 -lt 10 ]; then
                unshare -m sh -c 'mount -t proc proc /m && [ "$(cat /m/sys/kernel/panic)" = 7 ] && umount /m' || { echo "mount" >>/wrong; exit 1; }
              fi
            done
            echo done >>/ended
            """;
        File.WriteAllText($"{bundle.Rootfs}/load", load);
        bundle.Shell("mkdir /m; for i in $(seq 0 " + (processes - 1) + "); do sh /load $i >/dev/null 2>>/wrong & done");
        for (int i = 0; i < 8; i++)
        {
            Thread.Sleep(300);
            int worker = monitor.Worker;
            if (worker != 0)
            {
                monitor.Kill(worker);
            }
        }

        File.WriteAllText($"{bundle.Rootfs}/stop", "");
        Eventually(
            () => File.Exists($"{bundle.Rootfs}/wrong") && new FileInfo($"{bundle.Rootfs}/wrong").Length > 0
                || (File.Exists($"{bundle.Rootfs}/ended") && File.ReadAllLines($"{bundle.Rootfs}/ended").Length == processes),
            "all processes end: " + value, 60);

        string wrong = File.Exists($"{bundle.Rootfs}/wrong") ? File.ReadAllText($"{bundle.Rootfs}/wrong") : "";
        Assert.True(wrong.Length == 0, wrong);
        Assert.True(monitor.Restarts >= 4, $"{monitor.Restarts} restarts only");
    }

    [Fact]
    public void AStoppedWorker_IsReplaced()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        int worker = monitor.Worker;

        Assert.Equal(0, Command.Run("kill", ["-STOP", $"{worker}"]).ExitCode);

        Assert.Equal("0", bundle.Shell($"cat {Panic}"));
        monitor.AwaitWorkerAfter(worker);
    }

    [Fact]
    public void AWorkerThatCannotStart_IsTriedAgainWithPauses_WhileTheContainerRuns()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        string memory = MemoryOf(bundle);
        WithFailingWorkers(bundle, monitor, quickEnds: 6, () =>
        {
            int restarts = RestartsOf(memory);
            Thread.Sleep(300);

            Assert.Equal("running", bundle.Status);
            Assert.InRange(RestartsOf(memory) - restarts, 0, 8);
            Assert.Contains("in a row soon after their start", File.ReadAllText($"{States}/{bundle.Id}/monitor.log"));
        });

        Assert.Equal("0", bundle.Shell($"cat {Panic}"));
        Eventually(() => monitor.Worker != 0, "a worker serves again");
        Eventually(() => monitor.State == "ok", "a worker that lives has not failed", 2);
    }

    [Fact]
    public void AWorker_StartsWhenSomebodyLooks()
    {
        using Bundle bundle = Sleeping();
        string memory = MemoryOf(bundle);
        Assert.Matches($@"{bundle.Id} +{bundle.Pid} +running +ok\n", bundle.Caisson("ps").Output);
        Assert.Equal(0, WorkerOf(memory));

        Assert.Matches(@"MemTotal: +262144 kB", bundle.Shell("head -n 1 /proc/meminfo"));

        int worker = WorkerOf(memory);
        Assert.NotEqual(0, worker);
        Assert.Equal(worker, new ViewMonitor(bundle).Worker);
        Assert.Equal(0, RestartsOf(memory));
    }

    [Theory]
    [InlineData("mkdir -p /p; mount -t proc proc /p; cat /p/sys/kernel/panic; umount /p", "0")]
    [InlineData("free | grep -c Mem:", "1")]
    public void ACallThatIsLookedAt_StartsAWorker(string script, string output)
    {
        using Bundle bundle = Sleeping();

        Assert.Equal(output, bundle.Shell(script));
        Assert.NotEqual(0, WorkerOf(MemoryOf(bundle)));
    }
}
