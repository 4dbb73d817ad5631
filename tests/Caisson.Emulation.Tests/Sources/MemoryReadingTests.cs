using Caisson.Emulation.Sources;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Sources;

public sealed class MemoryReadingTests
{
    const long MiB = 1024 * 1024;
    const long HostTotal = 16384 * MiB;
    const long HostSwap = 4096 * MiB;
    // What version 1 says where nothing is limited: all pages that a counter can hold.
    const string Unlimited1 = "9223372036854771712\n";

    [Fact]
    public void A_container_without_a_limit_has_the_hosts()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", "max\n");
        host.Set("", "memory.high", "max\n");

        MemoryFacts facts = MemoryReading.Read(host.From(), HostTotal, HostSwap);

        Assert.False(facts.IsLimited);
        Assert.False(facts.IsSwapLimited);
    }

    [Fact]
    public void A_limit_that_the_host_does_not_have_limits_nothing()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", $"{HostTotal}\n");
        host.Set("", "memory.swap.max", $"{HostSwap + 1}\n");

        MemoryFacts facts = MemoryReading.Read(host.From(), HostTotal, HostSwap);

        Assert.False(facts.IsLimited);
        Assert.False(facts.IsSwapLimited);
    }

    [Fact]
    public void Version_2_limits_memory_and_swap_apart()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", $"{512 * MiB}\n");
        host.Set("", "memory.swap.max", "0\n");
        host.Set("", "memory.current", $"{200 * MiB}\n");
        host.Set("", "memory.swap.current", "0\n");
        host.Set("", "memory.stat", Golden.Text("emulation/memory.stat.2"));

        MemoryFacts facts = MemoryReading.Read(host.From(), HostTotal, HostSwap);

        Assert.Equal(512 * MiB, facts.Limit);
        Assert.Equal(312 * MiB, facts.Free);
        Assert.Equal((312 * MiB) + 31457280 + 20971520 + 3145728, facts.Available);
        Assert.Equal(0, facts.SwapLimit);
        Assert.Equal(104857600, facts[MemoryField.Anon]);
    }

    [Fact]
    public void Where_only_throttling_is_set_it_is_the_limit()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", "max\n");
        host.Set("", "memory.high", $"{256 * MiB}\n");

        Assert.Equal(256 * MiB, MemoryReading.Read(host.From(), HostTotal, HostSwap).Limit);
        host.Set("", "memory.max", $"{512 * MiB}\n");
        Assert.Equal(512 * MiB, MemoryReading.Read(host.From(), HostTotal, HostSwap).Limit);
    }

    [Fact]
    public void Version_1_limits_memory_and_the_sum_of_both()
    {
        using TestHost host = TestHost.Version1();
        host.Set("memory", "memory.limit_in_bytes", $"{512 * MiB}\n");
        host.Set("memory", "memory.memsw.limit_in_bytes", $"{768 * MiB}\n");
        host.Set("memory", "memory.usage_in_bytes", $"{100 * MiB}\n");
        host.Set("memory", "memory.memsw.usage_in_bytes", $"{130 * MiB}\n");
        host.Set("memory", "memory.stat", Golden.Text("emulation/memory.stat.1"));

        MemoryFacts facts = MemoryReading.Read(host.From(), HostTotal, HostSwap);

        Assert.Equal(512 * MiB, facts.Limit);
        Assert.Equal(256 * MiB, facts.SwapLimit);
        Assert.Equal(226 * MiB, facts.SwapFree);
        Assert.True(facts[MemoryField.File] > facts[MemoryField.Anon]);
    }

    [Fact]
    public void Without_accounting_of_swap_in_version_1_the_hosts_swap_is_shown()
    {
        using TestHost host = TestHost.Version1();
        host.Set("memory", "memory.limit_in_bytes", $"{512 * MiB}\n");
        host.Set("memory", "memory.usage_in_bytes", "4096\n");

        MemoryFacts facts = MemoryReading.Read(host.From(), HostTotal, HostSwap);

        Assert.True(facts.IsLimited);
        Assert.False(facts.IsSwapLimited);
    }

    [Theory]
    [InlineData(512, 256, 256)] // an inner container's own limit
    [InlineData(512, 1024, 512)] // one that it cannot reach
    [InlineData(512, 512, 512)] // the same, and then its own numbers
    public void An_inner_container_sees_the_nearest_limit(int outer, int inner, int seen)
    {
        using TestHost host = TestHost.Version1();
        host.Set("memory", "memory.limit_in_bytes", $"{outer * MiB}\n");
        host.Set("memory", "memory.usage_in_bytes", $"{100 * MiB}\n");
        host.Set("memory", "memory.limit_in_bytes", Unlimited1, below: "docker");
        host.Set("memory", "memory.limit_in_bytes", $"{inner * MiB}\n", below: "docker/4567");
        host.Set("memory", "memory.usage_in_bytes", $"{10 * MiB}\n", below: "docker/4567");
        host.Set("memory", "memory.limit_in_bytes", Unlimited1, below: "docker/4567/service");
        host.Place(1234, "docker/4567/service");

        MemoryFacts facts = MemoryReading.Read(host.From(1234), HostTotal, HostSwap);

        Assert.Equal(seen * MiB, facts.Limit);
        Assert.Equal((outer < inner ? 100 : 10) * MiB, facts.Usage);
    }

    [Fact]
    public void A_change_of_limits_is_seen_at_once_at_every_level()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", $"{512 * MiB}\n");
        host.Set("", "memory.max", $"{256 * MiB}\n", below: "inner");
        host.Place(1234, "inner");
        Viewpoint from = host.From(1234);
        Assert.Equal(256 * MiB, MemoryReading.Read(from, HostTotal, HostSwap).Limit);

        host.Set("", "memory.max", $"{128 * MiB}\n");
        Assert.Equal(128 * MiB, MemoryReading.Read(from, HostTotal, HostSwap).Limit);
        host.Set("", "memory.max", $"{64 * MiB}\n", below: "inner");
        Assert.Equal(64 * MiB, MemoryReading.Read(from, HostTotal, HostSwap).Limit);
    }

    [Fact]
    public void A_reader_outside_or_unknown_is_the_container_itself()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", $"{512 * MiB}\n");
        host.WriteMembership(1234, "/elsewhere/and/deep");

        Assert.Equal(512 * MiB, MemoryReading.Read(host.From(1234), HostTotal, HostSwap).Limit);
        Assert.Equal(512 * MiB, MemoryReading.Read(host.From(0), HostTotal, HostSwap).Limit);
        Assert.Equal(512 * MiB, MemoryReading.Read(host.From(99999), HostTotal, HostSwap).Limit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-5\n")]
    [InlineData("max garbage\0\n")]
    [InlineData("99999999999999999999999999999\n")]
    public void What_is_no_limit_limits_nothing(string text)
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", text);
        host.Set("", "memory.swap.max", text);

        Assert.False(MemoryReading.Read(host.From(), HostTotal, HostSwap).IsLimited);
    }

    [Fact]
    public void Names_of_cgroups_lead_nowhere_else()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.max", $"{512 * MiB}\n");
        host.Write("outside/memory.max", "4096\n");
        File.CreateSymbolicLink(host.PathOf($"cgroup/unified/docker/{TestContainer.Id}/link"), host.PathOf("outside"));
        host.Place(1, "link");
        host.Place(2, "../../../../outside");
        host.Place(3, "./../../../../../outside");

        foreach (int pid in new[] { 1, 2, 3 })
        {
            Assert.Equal(512 * MiB, MemoryReading.Read(host.From(pid), HostTotal, HostSwap).Limit);
        }
    }
}
