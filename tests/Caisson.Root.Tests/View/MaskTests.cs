using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.View;

/// <summary>Masked and read-only paths of the container hold in procfs and sysfs that are mounted anew inside, too.</summary>
public sealed class MaskTests : RootTest
{
    [Theory]
    [InlineData("/proc/uptime", "cat /p/uptime | wc -c", "0")]
    [InlineData("/proc/./sys//kernel/panic", "cat /p/sys/kernel/panic | wc -c; cat /p/sys/kernel/core_pattern", "0\ncore")]
    [InlineData("/proc/sys/vm", "ls -A /p/sys/vm | wc -l; cat /p/sys/kernel/core_pattern", "0\ncore")]
    // What is looked at to tell whether a procfs is covered.
    [InlineData("/proc/meminfo", "cat /p/meminfo | wc -c", "0")]
    // What is not emulated.
    [InlineData("/proc/interrupts", "cat /p/interrupts | wc -c", "0")]
    [InlineData("/proc/irq", "ls -A /p/irq | wc -l", "0")]
    public void WhatIsMasked_IsMaskedInAFreshProc(string masked, string look, string seen)
    {
        using Bundle bundle = Sleeping(masked: [masked]);

        Assert.Equal($"{seen}\n0", bundle.Shell($"mkdir /p; mount -t proc proc /p; {look}; umount /p && ls -A /p | wc -l"));
        // And is not made twice for one who made it already, or by the new calls.
        Assert.Equal($"{seen}\n{seen}", bundle.Shell($"mount -t proc proc /p; mount -t proc proc /p; {look}; umount /p; {look}; umount /p"));
    }

    [Theory]
    [InlineData("/proc/sys/kernel/panic", "/p/sys/kernel/panic")]
    [InlineData("/proc/sys/kernel", "/p/sys/kernel/panic")]
    [InlineData("/proc/sys", "/p/sys/kernel/panic", "/proc/sys/kernel", "/proc/sys/kernel/panic")]
    [InlineData("/proc/sys/net", "/p/sys/net/ipv4/ip_forward")]
    [InlineData("/proc/sys/net/ipv4/ip_forward", "/p/sys/net/ipv4/ip_forward")]
    public void WhatIsReadOnly_IsReadOnlyInAFreshProc(string readOnly, string file, params string[] more)
    {
        using Bundle bundle = Sleeping(readOnly: [readOnly, .. more]);
        bundle.Shell("mkdir /p; mount -t proc proc /p");

        CommandResult result = bundle.Exec("sh", "-c", $"echo 0 >{file}");

        Assert.Contains("Read-only file system", result.Output + result.Errors);
        // The value is still the container's, and the rest can be written.
        Assert.Equal("262144 kB", bundle.Shell("sed -n 's/^MemTotal: *//p' /p/meminfo"));
        bundle.Shell("echo 60 >/p/sys/vm/swappiness || grep -q ' /p/sys proc ro' /proc/mounts");
        Assert.Equal("0", bundle.Shell("umount /p && ls -A /p | wc -l"));
    }

    [Theory]
    [InlineData("/sys/devices/system/cpu/online", "cat /p/devices/system/cpu/online | wc -c", "0")]
    [InlineData("/sys/devices/system/cpu", "ls -A /p/devices/system/cpu | wc -l", "0")]
    [InlineData("/sys/devices", "ls -A /p/devices | wc -l", "0")]
    public void WhatIsMasked_IsMaskedInAFreshSysfs(string masked, string look, string seen)
    {
        using Bundle bundle = Sleeping(masked: [masked]);

        Assert.Equal($"{seen}\n0", bundle.Shell($"mkdir /p; mount -t sysfs sysfs /p; {look}; umount /p && ls -A /p | wc -l"));
    }

    [Fact]
    public void AReadOnlyDirectoryOfSysfs_GoesWithIt()
    {
        using Bundle bundle = Sleeping(readOnly: ["/sys/devices", "/sys/devices/system/cpu/online"]);

        Assert.Equal(
            "covered\n0",
            bundle.Shell("mkdir /p; mount -t sysfs sysfs /p; grep -q ' /p/devices sysfs ro' /proc/mounts && echo covered; umount /p && ls -A /p | wc -l"));
    }

    [Fact]
    public void InTheContainersOwnProc_WhatIsEmulatedIsMaskedAndReadOnly_Too()
    {
        using Bundle bundle = Sleeping(masked: ["/proc/uptime"], readOnly: ["/proc/meminfo", "/proc/sys/vm"]);

        Assert.Equal("0", bundle.Shell("cat /proc/uptime | wc -c"));
        Assert.Equal("262144 kB", bundle.Shell("sed -n 's/^MemTotal: *//p' /proc/meminfo"));
        CommandResult result = bundle.Exec("sh", "-c", "cat /proc/sys/vm/swappiness; echo 1 >/proc/sys/vm/swappiness");
        Assert.Contains("Read-only file system", result.Output + result.Errors);
        Assert.StartsWith("60", result.Output);
    }

    [Fact]
    public void InTheContainersOwnProc_TheFilesOfTheNetworkAreEmulated_Too()
    {
        string before = File.ReadAllText("/proc/sys/net/core/rmem_max");
        using Bundle bundle = Sleeping();

        Assert.Equal("5000", bundle.Shell("echo 5000 >/proc/sys/net/core/rmem_max; cat /proc/sys/net/core/rmem_max"));
        Assert.Equal(before, File.ReadAllText("/proc/sys/net/core/rmem_max"));
    }

    Bundle Sleeping(string[]? masked = null, string[]? readOnly = null) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        config.Linux()["resources"]!.AsObject()["memory"] = Config.Json(new { limit = 256 << 20 });
        config.Linux()["maskedPaths"] = Config.Json(masked ?? []);
        config.Linux()["readonlyPaths"] = Config.Json(readOnly ?? []);
    }).Launch();
}
