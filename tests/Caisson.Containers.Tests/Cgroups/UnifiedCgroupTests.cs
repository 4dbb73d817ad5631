using System.Diagnostics;
using Caisson.Containers.Cgroups;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Tests.Cgroups;

/// <summary>
/// Version 2 alone, played below a cgroup of ours: its directory stands for the mount point, so that nothing of the
/// machine's own hierarchy is changed.
/// </summary>
public sealed class UnifiedCgroupTests
{
    [Fact]
    public void Delegate_GivesALeafForInit_AndExecJoinsInitWhereverItIs()
    {
        using OwnCgroup own = new();
        string top = own.RequireVersion2();
        CgroupLayout layout = new(CgroupMode.Unified, [new Hierarchy("", top, "/", "/")]);
        using Cgroup cgroup = Cgroup.Create(CgroupPath.Resolve(layout, "/docker/c1", "c1", systemd: false));
        Assert.Equal(CgroupMode.Unified, cgroup.Mode);
        Assert.Equal([$"{top}/docker"], cgroup.State.MadeParents);
        Assert.Null(cgroup.OpenInitLeaf());
        Assert.Empty(cgroup.OpenTasks());

        cgroup.Delegate(231072, 231072);
        Assert.Equal(Errno.None, Stat.TryOf(Fd.CurrentDirectory, $"{top}/docker/c1/init.scope/cgroup.procs", out statx procs));
        Assert.Equal(231072u, procs.stx_uid);

        Process init = own.StartOutside("exec sleep 100");
        cgroup.AddProcess(init.Id);
        using (Fd leaf = cgroup.OpenInitLeaf()!)
        {
            Assert.Equal(Errno.None, FileText.WriteAll(leaf, System.Text.Encoding.ASCII.GetBytes(init.Id.ToString())));
        }

        cgroup.EnableControllersInside();
        Process exec = own.StartOutside("exec sleep 100");
        cgroup.AddProcess(exec.Id, init.Id);
        Assert.EndsWith("/docker/c1/init.scope", Unified(exec));

        // systemd moves itself.
        Directory.CreateDirectory($"{top}/docker/c1/system.slice/inner");
        File.WriteAllText($"{top}/docker/c1/system.slice/inner/cgroup.procs", $"{init.Id}");
        cgroup.AddProcess(exec.Id, init.Id);
        Assert.EndsWith("/docker/c1/system.slice/inner", Unified(exec));
        using (Fd forClone = cgroup.OpenForClone(init.Id)!)
        {
            Assert.EndsWith("/docker/c1/system.slice/inner", new FileInfo(forClone.ProcPath).LinkTarget);
        }

        cgroup.Freeze(OwnCgroup.Deadline);
        Assert.True(cgroup.IsFrozen);
        cgroup.Kill(OwnCgroup.Deadline);
        cgroup.Destroy(OwnCgroup.Deadline);
        Assert.False(Directory.Exists($"{top}/docker"));
        Assert.True(init.WaitForExit(1000) && exec.WaitForExit(1000));
    }

    [Fact]
    public void AddProcess_RefusesAnInitThatIsElsewhere()
    {
        using OwnCgroup own = new();
        string top = own.RequireVersion2();
        CgroupLayout layout = new(CgroupMode.Unified, [new Hierarchy("", top, "/", "/")]);
        using Cgroup cgroup = Cgroup.Create(CgroupPath.Resolve(layout, "/c2", "c2", systemd: false));
        cgroup.Delegate(231072, 231072);
        Process stranger = own.StartOutside("exec sleep 100");
        ContainerException error = Assert.Throws<ContainerException>(() => cgroup.AddProcess(stranger.Id, stranger.Id));
        Assert.Contains("is not below", error.Message);
        cgroup.Destroy(OwnCgroup.Deadline);
    }

    static string Unified(Process process) =>
        File.ReadAllLines($"/proc/{process.Id}/cgroup").Single(static line => line.StartsWith("0::", StringComparison.Ordinal));
}
