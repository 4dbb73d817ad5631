using System.Globalization;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Monitor;

/// <summary>The two processes that serve a container's view: whatever happens to them, the container goes on.</summary>
public sealed class MonitorTests : RootTest
{
    const string Panic = "/proc/sys/kernel/panic";

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
        string memory = $"{States}/{bundle.Id}/monitor.memory";
        // The version: no worker takes up a memory that it does not know.
        SetByte(memory, 0, 99);
        monitor.Kill(WorkerOf(memory));
        Eventually(() => QuickEndsOf(memory) > 5, "several workers fail");
        int restarts = RestartsOf(memory);
        Thread.Sleep(300);

        Assert.Equal("running", bundle.Status);
        Assert.InRange(RestartsOf(memory) - restarts, 0, 8);
        Assert.Contains("in a row soon after their start", File.ReadAllText($"{States}/{bundle.Id}/monitor.log"));

        SetByte(memory, 0, 1);
        Assert.Equal("0", bundle.Shell($"cat {Panic}"));
        Eventually(() => monitor.Worker != 0, "a worker serves again");
    }

    [Fact]
    public void AKilledHolder_LeavesTheViewToItsWorker_UntilItIsRepaired()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        bundle.Shell($"echo 7 >{Panic}");

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

    Bundle Sleeping(Action<JsonObject>? change = null) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        config.Linux()["resources"]!.AsObject()["memory"] = Config.Json(new { limit = 256 << 20 });
        change?.Invoke(config);
    }).Launch();

    static bool IsRunning(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    // Offsets of MonitorMemory: the command itself refuses a memory of another version.
    static int WorkerOf(string memory) => IntAt(memory, 24);

    static int RestartsOf(string memory) => IntAt(memory, 40);

    static int QuickEndsOf(string memory) => IntAt(memory, 48);

    static int IntAt(string path, int offset)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[4];
        file.Position = offset;
        file.ReadExactly(bytes);
        return BitConverter.ToInt32(bytes);
    }

    static void SetByte(string path, int offset, byte value)
    {
        using FileStream file = File.OpenWrite(path);
        file.Position = offset;
        file.WriteByte(value);
    }

    static long Switches(int pid) => File.ReadAllLines($"/proc/{pid}/status")
        .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture));

    static long Pss(int pid) => File.ReadAllLines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
}
