using System.Globalization;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.View;

/// <summary>What /proc, /sys and sysinfo(2) of a system container show of its limits.</summary>
public sealed class ViewTests : RootTest
{
    const int MiB = 1024 * 1024;

    [Fact]
    public void Memory_IsThatOfTheLimit_AlsoToOldCallsAndAfterAnUpdate()
    {
        using Bundle bundle = Sleeping(256 * MiB);

        Assert.Equal("262144", bundle.Shell("awk '/^MemTotal/ { print $2 }' /proc/meminfo"));
        // busybox's free asks sysinfo(2).
        Assert.Equal("262144", bundle.Shell("free | awk '/^Mem/ { print $2 }'"));

        Succeeded(bundle.Caisson("update", "--memory", $"{128 * MiB}", bundle.Id));
        Assert.Equal("131072", bundle.Shell("awk '/^MemTotal/ { print $2 }' /proc/meminfo"));
    }

    [Fact]
    public void ALimitOfAnInnerCgroup_IsSeenInIt()
    {
        using Bundle bundle = Sleeping(256 * MiB);

        string seen = bundle.Shell(
            $"cd /sys/fs/cgroup/memory && mkdir inner && echo {64 * MiB} >inner/memory.limit_in_bytes && "
            + "sh -c 'echo 0 >inner/cgroup.procs; awk \"/^MemTotal/ { print \\$2 }\" /proc/meminfo; free' | awk 'NR == 1 { print } /^Mem/ { print $2 }'; "
            + "awk '/^MemTotal/ { print $2 }' /proc/meminfo; rmdir inner");

        Assert.Equal("65536\n65536\n262144", seen);
    }

    [Theory]
    [InlineData(50000, 100000, "1")]
    [InlineData(100000, 100000, "1")]
    [InlineData(150000, 100000, "2")]
    public void Cpus_AreAsManyAsTheQuotaPaysFor(int quota, int period, string cpus)
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "a quota shows on several CPUs only, and the machine has one");
        using Bundle bundle = Sleeping(0, new { quota, period });

        Assert.Equal(cpus, bundle.Shell("grep -c ^processor /proc/cpuinfo"));
        Assert.Equal(cpus, bundle.Shell("grep -c '^cpu[0-9]' /proc/stat"));
        Assert.Equal(cpus == "1" ? "0" : "0-1", bundle.Shell("cat /sys/devices/system/cpu/online"));
    }

    [Fact]
    public void Cpusets_AreShownFromZero()
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "a cpuset shows on several CPUs only, and the machine has one");
        using Bundle bundle = Sleeping(0, new { cpus = "1" });

        Assert.Equal("processor\t: 0", bundle.Shell("grep ^processor /proc/cpuinfo"));
        Assert.Equal("1", bundle.Shell("nproc"));
    }

    [Fact]
    public void ProcessorTime_IsThatOfTheContainersProcesses()
    {
        using Bundle busy = Sleeping();
        using Bundle idle = Sleeping();
        long before = Ticks(idle);

        // As long as it takes to have had half a second, and what rounding in two places may take away.
        busy.Shell("""
            until [ $(awk '{ print $14 + $15 }' /proc/$$/stat) -ge 55 ]; do i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; done
            """);

        Assert.InRange(Ticks(busy), 50, 200);
        Assert.InRange(Ticks(idle) - before, 0, 25);
        // The CPUs add up, each rounded by itself.
        Assert.Equal("fine", busy.Shell("""
            awk '$1 == "cpu" { all = $2 + $4 } /^cpu[0-9]/ { sum += $2 + $4; n++ } END { d = all - sum; print d * d <= 4 * n * n ? "fine" : all " " sum }' /proc/stat
            """));
        Assert.Equal("fine", busy.Shell("[ $(awk '/^btime/ { print $2 }' /proc/stat) -ge $(($(date +%s) - 60)) ] && echo fine"));

        static long Ticks(Bundle bundle) => long.Parse(bundle.Shell("awk '$1 == \"cpu\" { print $2 + $3 + $4 }' /proc/stat"), CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Swaps_AreWhatMeminfoCounts()
    {
        using Bundle bundle = Sleeping(256 * MiB);

        Assert.StartsWith("Filename", bundle.Shell("cat /proc/swaps"));
        Assert.Equal(
            bundle.Shell("awk '/^SwapTotal/ { print $2 }' /proc/meminfo"),
            bundle.Shell("awk 'NR > 1 { size += $3 } END { print size + 0 }' /proc/swaps"));
    }

    [Fact]
    public void TheClockSinceBoot_BeganWithTheContainer()
    {
        using Bundle bundle = Sleeping();

        Assert.InRange(double.Parse(bundle.Shell("cut -d' ' -f1 /proc/uptime"), CultureInfo.InvariantCulture), 0, 60);
        Assert.Contains("up 0 min", bundle.Shell("uptime"));
        // The kernel's own, below the emulated file.
        Assert.InRange(double.Parse(bundle.Shell("unshare -m sh -c 'umount /proc/uptime; cut -d\" \" -f1 /proc/uptime'"), CultureInfo.InvariantCulture), 0, 60);
        Assert.InRange(int.Parse(bundle.Shell("awk '{ print int($22 / 100) }' /proc/1/stat"), CultureInfo.InvariantCulture), 0, 60);
    }

    [Fact]
    public void Files_ReadTheSameByEveryWay()
    {
        using Bundle bundle = Sleeping(256 * MiB);

        // cat of busybox sends the file, dd reads it by bytes, tail and wc ask for its size.
        Assert.Equal(
            "same same same same",
            bundle.Shell("""
                f=/proc/sys/kernel/printk; read a b c d <$f; whole="$a $b $c $d"
                one() { [ "$(echo $*)" = "$whole" ] && printf 'same ' || printf '%s ' "$*"; }
                one $(cat $f); one $(dd if=$f bs=1 2>/dev/null); one $(tail -n 1 $f); one $(head -c $(wc -c <$f) $f)
                """));
    }

    [Fact]
    public void WhatWouldTellOfTheHost_IsTheContainersOwn()
    {
        using Bundle one = Sleeping();
        using Bundle other = Sleeping();

        Assert.NotEqual(one.Shell("cat /proc/sys/kernel/random/boot_id"), other.Shell("cat /proc/sys/kernel/random/boot_id"));
        Assert.NotEqual(File.ReadAllText("/proc/cmdline").Trim(), one.Shell("cat /proc/cmdline"));
        Assert.Equal("new", one.Shell("echo new >/proc/sys/kernel/hostname; hostname"));
        Assert.NotEqual("new", other.Shell("hostname"));
        Assert.Equal("", one.Shell("cat /dev/kmsg; echo x >/dev/kmsg; grep -c '/dev/kmsg .* fuse.caisson' /proc/self/mountinfo | grep -v '^1$'; ls -A /sys/kernel/debug /sys/kernel/tracing 2>/dev/null | grep -v :"));
    }

    [Theory]
    [InlineData("echo abc >/proc/sys/kernel/panic")]
    [InlineData("echo 3 >/proc/sys/vm/overcommit_memory")]
    [InlineData("echo 1 >/proc/uptime")]
    [InlineData("echo 1 >/proc/meminfo")]
    [InlineData("chmod 777 /proc/sys/kernel/panic")]
    [InlineData("su -s /bin/sh nobody -c 'echo 1 >/proc/sys/kernel/panic'")]
    [InlineData("unshare -m sh -c 'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && echo 1 >/proc/sys/kernel/panic'")]
    public void WhatTheKernelRefuses_IsRefused(string script)
    {
        using Bundle bundle = Sleeping();

        Assert.NotEqual(0, bundle.Exec("sh", "-c", script).ExitCode);
        Assert.Equal("0", bundle.Shell("cat /proc/sys/kernel/panic"));
    }

    Bundle Sleeping(long memory = 0, object? cpu = null) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        JsonObject resources = config.Linux()["resources"]!.AsObject();
        if (memory > 0)
        {
            resources["memory"] = Config.Json(new { limit = memory });
        }

        if (cpu is not null)
        {
            resources["cpu"] = Config.Json(cpu);
        }
    }).Launch();
}
