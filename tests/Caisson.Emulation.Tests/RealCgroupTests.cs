using System.Globalization;
using System.Text;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Tests;

namespace Caisson.Emulation.Tests;

/// <summary>The kernel's own control files, with processes in them.</summary>
public sealed class RealCgroupTests : IDisposable
{
    const long MiB = 1024 * 1024;

    readonly RealCgroup? _cgroup;

    public RealCgroupTests()
    {
        InsideProcess.NeedsRoot("it makes cgroups");
        _cgroup = new RealCgroup();
        _cgroup.MakeBelow("init");
        _cgroup.MakeBelow("inner");
        _cgroup.MakeBelow("inner/service");
    }

    RealCgroup Cgroup => _cgroup!;

    [Fact]
    public void Limits_of_a_container_and_of_one_inside_are_shown_and_followed()
    {
        using InsideProcess outer = new("env");
        using InsideProcess inner = new("env");
        Cgroup.Place(outer.Id, "init");
        Cgroup.Place(inner.Id, "inner/service");
        Cgroup.SetMemory(512 * MiB);
        Cgroup.SetMemory(128 * MiB, "inner");
        EmulatedTree tree = new(TestContainer.View(Cgroup.Directories), TestContainer.Values(), _ => { });

        Assert.Equal(512 * 1024, Total(tree, outer));
        Assert.Equal(128 * 1024, Total(tree, inner));
        Assert.Equal(512 * MiB, tree.FactsFor(outer.Id).TotalRam);
        Assert.Equal(128 * MiB, tree.FactsFor(inner.Id).TotalRam);

        Cgroup.SetMemory(256 * MiB);
        Cgroup.SetMemory(64 * MiB, "inner");
        Assert.Equal(256 * 1024, Total(tree, outer));
        Assert.Equal(64 * 1024, Total(tree, inner));

        // A process that moves sees where it has moved to.
        Cgroup.Place(inner.Id, "init");
        Assert.Equal(256 * 1024, Total(tree, inner));
        // One outside of the container is shown the container.
        Assert.Equal(256 * 1024, Total(tree, Environment.ProcessId));
    }

    [Fact]
    public void An_inner_cgroup_that_is_made_anew_is_another_one()
    {
        using InsideProcess inner = new("env");
        EmulatedTree tree = new(TestContainer.View(Cgroup.Directories), TestContainer.Values(), _ => { });
        foreach (long limit in new[] { 64 * MiB, 32 * MiB })
        {
            Cgroup.MakeBelow("again");
            Cgroup.SetMemory(limit, "again");
            Cgroup.Place(inner.Id, "again");
            Assert.Equal(limit / 1024, Total(tree, inner));
            Cgroup.Place(inner.Id, "init");
            Assert.NotEqual(limit / 1024, Total(tree, inner));
            Cgroup.RemoveBelow("again");
        }
    }

    [Fact]
    public void A_quota_shows_as_CPUs_and_their_time_is_the_containers()
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two CPUs: a quota of one shows on none else");
        using InsideProcess inside = new("env");
        Cgroup.Place(inside.Id, "init");
        Cgroup.SetQuota(90_000);
        EmulatedTree tree = new(TestContainer.View(Cgroup.Directories), TestContainer.Values(), _ => { });

        Assert.Equal("0\n", Read(tree, "sys!devices!system!cpu!online", inside.Id));
        Assert.Single(Read(tree, "proc!cpuinfo", inside.Id).Split('\n'), line => line.StartsWith("processor", StringComparison.Ordinal));

        long before = UserTicks(tree, inside.Id);
        // Half a second of CPU time, in the cgroup.
        string[] procs = [.. Cgroup.Directories.Values.Select(directory => $"{directory}/init/cgroup.procs")];
        string script = $"for file in {string.Join(' ', procs)}; do echo $$ >$file; done; exec timeout --foreground 30 perl -e 'do {{ ($u, $s) = times }} while $u + $s < 0.5'";
        CommandResult result = Command.Run("sh", ["-c", script]);
        Assert.True(result.ExitCode == 0, result.Errors);

        Assert.InRange(UserTicks(tree, inside.Id) - before, 40, 100);
        Cgroup.SetQuota(110_000);
        Assert.Equal("0-1\n", Read(tree, "sys!devices!system!cpu!online", inside.Id));
    }

    public void Dispose() => _cgroup?.Dispose();

    static long Total(EmulatedTree tree, InsideProcess reader) => Total(tree, reader.Id);

    static long Total(EmulatedTree tree, int pid) => long.Parse(
        Read(tree, "proc!meminfo", pid).Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    static long UserTicks(EmulatedTree tree, int pid)
    {
        string[] words = Read(tree, "proc!stat", pid).Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) + long.Parse(words[3], CultureInfo.InvariantCulture);
    }

    static string Read(EmulatedTree tree, string name, int pid)
    {
        ContentBuffer content = new();
        IReadable file = (IReadable)tree.Files.Single(file => file.Name == name).Content;
        Assert.Equal(Errno.None, file.Read(new Caller(pid, 0, 0), content));
        return Encoding.UTF8.GetString(content.Bytes);
    }
}
