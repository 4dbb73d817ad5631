using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.View;

/// <summary>
/// Programs of Debian's packages, the machine's own, in a container with 256 MiB and one CPU's time: procps reads /proc, util-linux
/// /sys, and its mount(8) uses the new mount calls where the machine's library does.
/// </summary>
public sealed class DebianProgramTests : RootTest
{
    [Fact]
    public void ProcpsAndUtilLinux_ShowTheContainersLimits()
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "a quota shows on several CPUs only, and the machine has one");
        using Bundle bundle = Sleeping();

        Assert.Matches(@"\nMem: +268435456 ", bundle.Shell("/usr/bin/free -b"));
        Assert.Matches(@"\nMiB Mem : +256\.0 total", bundle.Shell("/usr/bin/top -b -n1"));
        Assert.Matches("^ *262144 K total memory", bundle.Shell("/usr/bin/vmstat -s"));
        Assert.Matches(@"^ *\d+ +\d+ +\d+ +2[0-9]{5} ", bundle.Shell("/usr/bin/vmstat | tail -n 1"));
        Assert.Matches(@"up 0 min|up \d+ sec", bundle.Shell("/usr/bin/uptime"));
        string cpus = bundle.Shell("/usr/bin/lscpu");
        Assert.Matches(@"\nCPU\(s\): +1\n", cpus);
        Assert.Matches(@"\nOn-line CPU\(s\) list: +0\n", cpus);
        // Only the processes of the container: its first one, the shell and itself.
        Assert.Matches(@"^1 sleep \d+ sh \d+ ps$", bundle.Shell("echo $(/usr/bin/ps -e -o pid=,comm=)"));
    }

    [Fact]
    public void TheMachinesNproc_FollowsACpuset()
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "a cpuset shows on several CPUs only, and the machine has one");
        using Bundle bundle = Sleeping(new { cpus = "1" });

        Assert.Equal("1", bundle.Shell("/usr/bin/nproc"));
        Assert.Equal("1", bundle.Shell("/usr/bin/lscpu | sed -n 's/^CPU(s): *//p'"));
    }

    [Theory]
    [InlineData("/usr/bin/mount -t proc proc /p && cat /p/sys/kernel/panic && /usr/bin/free -b && /usr/bin/umount /p")]
    [InlineData("/usr/bin/mount -t proc -o hidepid=2,nosuid,ro proc /p && cat /p/sys/kernel/panic && /usr/bin/free -b && /usr/bin/umount /p")]
    [InlineData("/usr/bin/unshare -m --mount-proc sh -c 'cat /proc/sys/kernel/panic; /usr/bin/free -b'")]
    [InlineData("/usr/bin/unshare -mpf --mount-proc sh -c 'cat /proc/sys/kernel/panic; /usr/bin/free -b'")]
    [InlineData("/usr/bin/unshare -Urmpf --mount-proc sh -c 'cat /proc/sys/kernel/panic; /usr/bin/free -b'")]
    [InlineData("/usr/bin/unshare -Urmpf --mount-proc /usr/bin/unshare -Urmpf --mount-proc sh -c 'cat /proc/sys/kernel/panic; /usr/bin/free -b'")]
    [InlineData("/usr/bin/unshare -mpfR / --mount-proc sh -c 'cat /proc/sys/kernel/panic; /usr/bin/free -b'")]
    public void UtilLinux_MountsAProcThatShowsTheSame(string script)
    {
        using Bundle bundle = Sleeping();

        string seen = bundle.Shell($"mkdir -p /p; echo 7 >/proc/sys/kernel/panic; {script}");

        Assert.Matches(@"^7\n.*\nMem: +268435456 ", seen);
    }

    [Fact]
    public void UtilLinux_MountsASysfs()
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "a quota shows on several CPUs only, and the machine has one");
        using Bundle bundle = Sleeping();

        Assert.Equal("0\n0", bundle.Shell(
            "mkdir -p /p; /usr/bin/mount -t sysfs sysfs /p && cat /p/devices/system/cpu/online && /usr/bin/umount /p && ls -A /p | wc -l"));
    }

    // Its shared libraries come with it; busybox needs none.
    Bundle Sleeping(object? cpu = null)
    {
        Bundle bundle = NewBundle("system", config =>
        {
            config.Args("sleep", "1000");
            config.Linux()["resources"]!.AsObject()["memory"] = Config.Json(new { limit = 256 << 20 });
            config.Linux()["resources"]!.AsObject()["cpu"] = Config.Json(cpu ?? new { quota = 100000, period = 100000 });
            config.Bind("/usr", "/usr", "ro");
        });
        File.CreateSymbolicLink($"{bundle.Rootfs}/lib", "usr/lib");
        File.CreateSymbolicLink($"{bundle.Rootfs}/lib64", "usr/lib64");
        return bundle.Launch();
    }
}
