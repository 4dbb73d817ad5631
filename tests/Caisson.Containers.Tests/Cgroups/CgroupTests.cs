using System.Diagnostics;
using System.Text;
using Caisson.Containers.Cgroups;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Cgroups;

/// <summary>Against the real kernel, in cgroups of our own.</summary>
public sealed class CgroupTests
{
    static readonly TimeSpan Deadline = OwnCgroup.Deadline;

    [Fact]
    public void Create_MakesADirectoryInEachHierarchy_AndDestroyRemovesThemWithTheParentsThatItMade()
    {
        string parent;
        CgroupState state;
        using (OwnCgroup own = new())
        {
            state = own.Cgroup.State;
            Assert.Equal(CgroupLayout.Detect().Hierarchies.Select(static one => one.Name).Order(), state.Paths.Keys.Order());
            Assert.All(state.Paths.Values, static path => Assert.True(Directory.Exists(path)));
            using Cgroup again = Cgroup.Open(state);
            Assert.True(again.Exists);
            parent = Path.GetDirectoryName(state.Paths.Values.First())!;
        }

        Assert.All(state.Paths.Values, static path => Assert.False(Directory.Exists(path)));
        Assert.All(state.MadeParents, made => Assert.True(!Directory.Exists(made) || Directory.GetDirectories(made).Length > 0));
        using Cgroup gone = Cgroup.Open(state);
        Assert.False(gone.Exists);
        gone.Destroy(TimeSpan.Zero);
        Assert.Contains("caisson-tests", parent);
    }

    [Fact]
    public void Create_FillsTheCpuset_BecauseNothingCanJoinAnEmptyOne()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("cpuset");
        Assert.NotEmpty(own.Read("cpuset", "cpuset.cpus"));
        Assert.NotEmpty(own.Read("cpuset", "cpuset.mems"));
    }

    [Fact]
    public void Create_RefusesACgroupWithForeignProcesses()
    {
        using OwnCgroup own = new();
        Process sleeper = own.Start("exec sleep 100");
        UserError error = Assert.Throws<UserError>(() => Cgroup.Create(
            CgroupPath.Resolve(CgroupLayout.Detect(), own.Path, "unused", systemd: false)));
        Assert.Contains($"has the processes {sleeper.Id}", error.Message);
        Assert.True(own.Cgroup.Exists);
    }

    [Fact]
    public void Apply_SetsLimits_AndUpdatesOnlyWhatIsGiven_UpAndDown()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("memory");
        own.RequireVersion1("cpu");
        own.RequireVersion1("pids");
        own.Cgroup.Apply(new LinuxResources
        {
            Memory = new LinuxMemory { Limit = 64 << 20, Swap = 128 << 20 },
            Cpu = new LinuxCpu { Shares = 512, Quota = 20000, Period = 50000 },
            Pids = new LinuxPids { Limit = 10 },
        });
        AssertMemory(64, 128);
        Assert.Equal("512", own.Read("cpu", "cpu.shares"));
        Assert.Equal("20000", own.Read("cpu", "cpu.cfs_quota_us"));
        Assert.Equal("50000", own.Read("cpu", "cpu.cfs_period_us"));
        Assert.Equal("10", own.Read("pids", "pids.max"));

        // The kernel wants memory <= memory and swap at every moment: here the one order, there the other.
        own.Cgroup.Apply(new LinuxResources { Memory = new LinuxMemory { Limit = 256 << 20, Swap = 512 << 20 } });
        AssertMemory(256, 512);
        own.Cgroup.Apply(new LinuxResources { Memory = new LinuxMemory { Limit = 32 << 20, Swap = 32 << 20 } });
        AssertMemory(32, 32);
        own.Cgroup.Apply(new LinuxResources { Memory = new LinuxMemory { Limit = -1 }, Pids = new LinuxPids { Limit = -1 } });
        Assert.True(long.Parse(own.Read("memory", "memory.limit_in_bytes")) > 1L << 60);
        Assert.Equal("max", own.Read("pids", "pids.max"));
        Assert.Equal("512", own.Read("cpu", "cpu.shares"));

        void AssertMemory(long limit, long both)
        {
            Assert.Equal((limit << 20).ToString(), own.Read("memory", "memory.limit_in_bytes"));
            Assert.Equal((both << 20).ToString(), own.Read("memory", "memory.memsw.limit_in_bytes"));
        }
    }

    [Fact]
    public void Apply_ClampedShares_AreAnErrorWithTheBound()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("cpu");
        UserError error = Assert.Throws<UserError>(
            () => own.Cgroup.Apply(new LinuxResources { Cpu = new LinuxCpu { Shares = 1 } }));
        Assert.Equal("cpu.shares cannot be 1: the least that the kernel takes is 2", $"{error.Message}: {error.Remedy}");
    }

    [Fact]
    public void Apply_ARejectedValue_NamesPathValueAndErrno()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("cpuset");
        KernelException error = Assert.Throws<KernelException>(
            () => own.Cgroup.Apply(new LinuxResources { Cpu = new LinuxCpu { Cpus = "4000" } }));
        Assert.StartsWith($"write \"4000\" to '{own.Directory("cpuset")}/cpuset.cpus': ", error.Message);
    }

    [Fact]
    public void AddProcess_JoinsEveryHierarchy()
    {
        using OwnCgroup own = new();
        Process sleeper = own.Start("exec sleep 100");
        AssertIsIn(own, sleeper.Id);
        Assert.Equal([sleeper.Id], own.Cgroup.Pids(recursive: false));
    }

    [Fact]
    public void OpenTasks_AProcessWithOneThreadJoinsByWritingZero()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("pids");
        IReadOnlyList<Fd> tasks = own.Cgroup.OpenTasks();
        List<string> files = [.. tasks.Select(static file => new FileInfo(file.ProcPath).LinkTarget!)];
        foreach (Fd file in tasks)
        {
            file.Dispose();
        }

        Assert.All(files, static file => Assert.EndsWith("/tasks", file));
        Process shell = own.StartOutside(string.Concat(files.Select(static file => $"echo 0 >{file}\n")) + "echo in; exec sleep 100");
        Assert.Equal("in", OwnCgroup.Line(shell));
        // Version 2 is left to clone3, which this process with its many threads cannot try.
        using Fd? cgroup = own.Cgroup.OpenForClone();
        Assert.Equal(own.Cgroup.State.Paths.ContainsKey(""), cgroup is not null);
        File.WriteAllText($"{own.RequireVersion2()}/cgroup.procs", $"{shell.Id}");
        AssertIsIn(own, shell.Id);
    }

    [Fact]
    public void Freeze_StopsAndThawLetsGo()
    {
        using OwnCgroup own = new();
        Process counter = own.Start("while :; do echo tick; sleep 0.01; done");
        OwnCgroup.Line(counter);
        own.Cgroup.Freeze(Deadline);
        Assert.True(own.Cgroup.IsFrozen);
        TimeSpan before = counter.TotalProcessorTime;
        Thread.Sleep(100);
        counter.Refresh();
        Assert.Equal(before, counter.TotalProcessorTime);
        own.Cgroup.Thaw();
        Assert.False(own.Cgroup.IsFrozen);
        Assert.Equal("tick", OwnCgroup.Line(counter));
    }

    [Fact]
    public void Kill_ReachesWhatAnInnerEngineFrozeWithVersion1sFreezer()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("freezer");
        Process sleeper = own.Start("exec sleep 100");
        string inner = $"{own.Directory("freezer")}/inner";
        Directory.CreateDirectory(inner);
        File.WriteAllText($"{inner}/cgroup.procs", $"{sleeper.Id}");
        File.WriteAllText($"{inner}/freezer.state", "FROZEN");
        own.Cgroup.Kill(Deadline);
        Assert.True(sleeper.WaitForExit(10_000));
        own.Cgroup.Destroy(Deadline);
        Assert.False(own.Cgroup.Exists);
    }

    [Fact]
    public void Destroy_WaitsForTheLastProcess_AndRemovesOddNamesAndDeepTrees()
    {
        using OwnCgroup own = new();
        string hierarchy = own.Cgroup.State.Paths.ContainsKey("") ? "" : own.Cgroup.State.Paths.Keys.First();
        using (Fd directory = OpenAt2.Open(own.Directory(hierarchy), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY))
        {
            // Neither UTF-8 nor harmless; the kernel refuses only the line feed.
            Assert.Equal(Errno.None, RawNames.TryMakeDirectory(directory, [0xff, 0xfe, (byte)' ', (byte)'\\', 0], 0x1ed));
            Assert.Equal(Errno.None, RawNames.TryMakeDirectory(directory, "-rf\0"u8, 0x1ed));
        }

        string deep = own.Directory(hierarchy);
        for (int level = 0; level < 200; level++)
        {
            Directory.CreateDirectory(deep += "/d");
        }

        Process sleeper = own.Start("exec sleep 0.3");
        long start = Stopwatch.GetTimestamp();
        own.Cgroup.Destroy(Deadline);
        Assert.False(own.Cgroup.Exists);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.1, 5);
        Assert.True(sleeper.WaitForExit(1000));
    }

    [Fact]
    public void Destroy_AfterTheDeadline_ListsWhoIsStillThere()
    {
        using OwnCgroup own = new();
        Process sleeper = own.Start("exec sleep 100");
        ContainerException error = Assert.Throws<ContainerException>(() => own.Cgroup.Destroy(TimeSpan.FromMilliseconds(50)));
        Assert.StartsWith($"processes are still in it: {sleeper.Id}: rmdir '/sys/fs/cgroup/", ContainerException.Chain(error));
    }

    [Fact]
    public void Pids_Recursive_ListsInnerCgroups()
    {
        using OwnCgroup own = new();
        string directory = own.RequireVersion2();
        Process sleeper = own.Start("exec sleep 100");
        Directory.CreateDirectory($"{directory}/a/b");
        File.WriteAllText($"{directory}/a/b/cgroup.procs", $"{sleeper.Id}");
        Assert.Empty(own.Cgroup.Pids(recursive: false));
        Assert.Equal([sleeper.Id], own.Cgroup.Pids(recursive: true));
    }

    [Fact]
    public void Delegate_GivesTheDirectoryAndTheFilesThatMoveProcesses_AndNoLimit()
    {
        using OwnCgroup own = new();
        own.Cgroup.Delegate(231072, 231073);
        Assert.True(own.Cgroup.State.IsDelegated);
        foreach ((string hierarchy, string path) in own.Cgroup.State.Paths)
        {
            foreach (string entry in Directory.GetFileSystemEntries(path).Append(path))
            {
                Assert.Equal(Errno.None, Stat.TryOf(Fd.CurrentDirectory, entry, out statx stat));
                string name = entry == path ? "." : Path.GetFileName(entry);
                bool given = name is "." or "cgroup.procs"
                    || (hierarchy.Length == 0
                        ? name is "cgroup.threads" or "cgroup.subtree_control" or "memory.oom.group" or "memory.reclaim" or "init.scope"
                        : name is "tasks");
                Assert.Equal((entry, given ? 231072u : 0, given ? 231073u : 0), (entry, stat.stx_uid, stat.stx_gid));
            }
        }
    }

    [Fact]
    public void CgroupKillIsThere_AndPureVersion1IsKilledOneByOne()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("freezer");
        Process forker = own.Start("for i in 1 2 3 4 5; do sleep 100 & done; echo ready; wait");
        Assert.Equal("ready", OwnCgroup.Line(forker));
        CgroupState legacy = own.Cgroup.State with
        {
            Paths = own.Cgroup.State.Paths.Where(static one => one.Key.Length > 0).ToDictionary(),
            MadeParents = [],
        };
        using Cgroup alone = Cgroup.Open(legacy);
        Assert.Equal(CgroupMode.Legacy, alone.Mode);
        Assert.Equal(6, alone.Pids(recursive: true).Count);
        alone.Kill(Deadline);
        alone.Destroy(Deadline);
        Assert.False(alone.Exists);
        Assert.True(forker.WaitForExit(1000));
    }

    static void AssertIsIn(OwnCgroup own, int pid)
    {
        string[] lines = File.ReadAllLines($"/proc/{pid}/cgroup", Encoding.UTF8);
        Assert.Equal(own.Cgroup.State.Paths.Count, lines.Length);
        Assert.All(lines, line => Assert.EndsWith($":{own.Path}", line));
    }
}
