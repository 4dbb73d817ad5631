using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;

namespace Caisson.Emulation.Tests.Sources;

public sealed class StatBaselineTests
{
    [Fact]
    public void The_first_worker_takes_it_and_the_next_one_keeps_it()
    {
        using TestHost host = TestHost.Version2();
        HostFiles files = new(host.PathOf("proc"), host.PathOf("sys"));
        ValueStore values = TestContainer.Values();
        host.Write("proc/stat", "cpu  1 2 3\nintr 100 5 6\nctxt 200\nbtime 1\nprocesses 300\n");
        StatBaseline first = StatBaseline.Take(values, files);
        host.Write("proc/stat", "intr 1000\nctxt 2000\nprocesses 3000\n");

        Assert.Equal(new StatBaseline(100, 200, 300), first);
        Assert.Equal(first, StatBaseline.Take(values, files));
        Assert.Equal(new StatBaseline(1000, 2000, 3000), StatBaseline.Take(TestContainer.Values(), files));
    }

    [Fact]
    public void A_host_that_tells_nothing_has_counted_nothing()
    {
        using TestHost host = TestHost.Version2();
        host.Write("proc/stat", "");

        Assert.Equal(default, StatBaseline.Take(TestContainer.Values(), new HostFiles(host.PathOf("proc"), host.PathOf("sys"))));
    }
}
