using Caisson.Emulation.Syscalls;

namespace Caisson.Emulation.Tests.Syscalls;

/// <summary>What lies over a fresh procfs or sysfs where emulated files, masked and read-only paths meet.</summary>
public sealed class CoverPlanTests
{
    static readonly string[] Emulated = ["meminfo", "sys/kernel/panic", "sys/kernelx", "uptime"];

    [Theory]
    // masked; read-only; files (read-only ones with an r), masks, read-only paths, witness
    [InlineData("", "", "meminfo sys/kernel/panic sys/kernelx uptime |  |  | meminfo")]
    [InlineData("/proc/kcore /sys/firmware /etc/x /proc", "/proc/irq /proc /sys/x", "meminfo sys/kernel/panic sys/kernelx uptime | kcore | irq | meminfo")]
    [InlineData("/proc/uptime", "", "meminfo sys/kernel/panic sys/kernelx | uptime |  | meminfo")]
    [InlineData("/proc/meminfo", "", "sys/kernel/panic sys/kernelx uptime | meminfo |  | meminfo")]
    [InlineData("/proc/sys/kernel", "", "meminfo sys/kernelx uptime | sys/kernel |  | meminfo")]
    [InlineData("/proc/sys/kernel/panic /proc/sys /proc/sys/kernel", "", "meminfo uptime | sys |  | meminfo")]
    [InlineData("", "/proc/uptime /proc/sys/kernel", "meminfo sys/kernel/panic sys/kernelx uptime:r |  | uptime sys/kernel | meminfo")]
    [InlineData("//proc/./x/..//uptime/ /proc/uptime", "/proc/../proc/meminfo", "meminfo:r sys/kernel/panic sys/kernelx | uptime | meminfo | meminfo")]
    [InlineData("/proc/../etc/passwd /proc/../../..", "/proc/..", "meminfo sys/kernel/panic sys/kernelx uptime |  |  | meminfo")]
    public void Masks_win_over_files_and_files_may_be_read_only(string masked, string readOnly, string expected) =>
        Assert.Equal(expected, Show(CoverPlan.For(isProc: true, Emulated, Masks(masked, readOnly))));

    [Theory]
    [InlineData("", "devices/system/cpu/online |  |  | devices/system/cpu/online")]
    [InlineData("/sys/devices/system/cpu/online", " | devices/system/cpu/online |  | devices/system/cpu/online")]
    [InlineData("/sys/devices/system", " | devices/system |  | devices/system")]
    public void What_tells_that_a_sysfs_is_covered_may_be_a_mask(string masked, string expected) =>
        Assert.Equal(expected, Show(CoverPlan.For(isProc: false, ["devices/system/cpu/online"], Masks(masked, ""))));

    static PathMasks Masks(string masked, string readOnly) =>
        new(masked.Split(' ', StringSplitOptions.RemoveEmptyEntries), readOnly.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static string Show(CoverPlan plan) => string.Join(
        " | ",
        string.Join(' ', plan.Files.Select(file => file.IsReadOnly ? $"{file.Path}:r" : file.Path)),
        string.Join(' ', plan.Masked),
        string.Join(' ', plan.ReadOnly),
        plan.Witness);
}
