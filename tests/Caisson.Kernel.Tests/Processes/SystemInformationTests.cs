using Caisson.Kernel.Processes;

namespace Caisson.Kernel.Tests.Processes;

public sealed class SystemInformationTests
{
    [Fact]
    public void It_tells_what_meminfo_tells()
    {
        string total = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        sysinfo facts = SystemInformation.Read();

        Assert.Equal(total, $"{facts.totalram * facts.mem_unit / 1024}");
        Assert.InRange(facts.freeram, 1UL, facts.totalram);
        Assert.True(facts.procs > 0);
    }

    [Fact]
    public void The_boot_clock_is_that_of_uptime()
    {
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        Assert.InRange((Clock.BootTime / 1e9) - uptime, -0.01, 10);
        Assert.InRange(Clock.Monotonic, 1, Clock.BootTime + 10_000_000_000);
    }
}
