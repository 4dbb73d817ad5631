using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;
using Caisson.Tests;

namespace Caisson.Emulation.Tests;

/// <summary>
/// A host with one container as a directory of plain files: /proc, /sys and cgroup hierarchies, as the kernel would have them,
/// for limits and nestings that the machine of the tests does not have.
/// </summary>
sealed class TestHost : IDisposable
{
    /// <summary>Of a reader in the container's own cgroup.</summary>
    public const int Pid = 4711;

    const string Container = "docker/" + TestContainer.Id;

    readonly string _root = Directory.CreateTempSubdirectory("caisson-emulation-").FullName;
    readonly string[] _hierarchies;

    TestHost(string[] hierarchies)
    {
        _hierarchies = hierarchies;
        foreach (string file in new[] { "meminfo", "stat", "cpuinfo", "vmstat", "diskstats" })
        {
            Write($"proc/{file}", Golden.Text($"emulation/host/{file}"));
        }

        foreach (string list in new[] { "online", "present", "possible" })
        {
            Write($"sys/devices/system/cpu/{list}", "0-3\n");
        }

        Write("sys/devices/system/cpu/offline", "\n");
        foreach (string hierarchy in hierarchies)
        {
            Directory.CreateDirectory(PathOf(Cgroup(hierarchy)));
        }

        Place(Pid, "");
    }

    /// <summary>Version 1 with a hierarchy for each controller, as on a machine without systemd.</summary>
    public static TestHost Version1() => new(["memory", "cpu", "cpuacct", "cpuset", "pids", "blkio"]);

    public static TestHost Version2() => new([""]);

    /// <summary>Version 1 as systemd mounts it.</summary>
    public static TestHost Joint() => new(["memory", "cpu,cpuacct", "cpuset", "pids", "blkio", "name=systemd", ""]);

    public string PathOf(string path) => Path.Combine(_root, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    /// <summary>A control file of the container's cgroup, or of one below it.</summary>
    public void Set(string hierarchy, string file, string text, string below = "") =>
        Write($"{Cgroup(hierarchy)}/{below}/{file}", text);

    /// <summary>A process in a cgroup below the container's.</summary>
    public void Place(int pid, string below) => WriteMembership(pid, ("/" + Container + "/" + below).TrimEnd('/'));

    public void WriteMembership(int pid, string path) =>
        Write($"proc/{pid}/cgroup", string.Concat(_hierarchies.Select((name, i) => $"{(name == "" ? 0 : i + 1)}:{name}:{path}\n")));

    public Viewpoint From(int pid = Pid, LoadHistory? load = null)
    {
        ContainerView view = TestContainer.View(_hierarchies.ToDictionary(name => name, name => PathOf(Cgroup(name))));
        Viewpoint from = new(view, new HostFiles(PathOf("proc"), PathOf("sys")), new ContainerCgroups(view.Cgroups), load ?? new LoadHistory());
        from.MoveTo(pid);
        return from;
    }

    public string Read(ViewContent view, int pid = Pid) => Read(From(pid), view);

    public static string Read(Viewpoint from, ViewContent view)
    {
        ContentBuffer content = new();
        view(from, content);
        return System.Text.Encoding.UTF8.GetString(content.Bytes);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    static string Cgroup(string hierarchy) => $"cgroup/{(hierarchy == "" ? "unified" : hierarchy)}/{Container}";
}
