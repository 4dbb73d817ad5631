namespace Caisson.Emulation.Tests;

/// <summary>A container's cgroup on this machine, in every hierarchy that there is.</summary>
sealed class RealCgroup : IDisposable
{
    const string Mounts = "/sys/fs/cgroup";

    readonly string _name = $"caisson-emulation-{Environment.ProcessId}";
    readonly Stack<string> _made = [];

    public RealCgroup()
    {
        foreach (string line in File.ReadAllLines("/proc/self/cgroup"))
        {
            string hierarchy = line.Split(':')[1];
            string mount = hierarchy switch
            {
                "" => Directory.Exists($"{Mounts}/unified") ? $"{Mounts}/unified" : Mounts,
                _ => $"{Mounts}/{hierarchy.Replace("name=", "", StringComparison.Ordinal)}",
            };
            if (Directory.Exists(mount))
            {
                Directories[hierarchy] = $"{mount}/{_name}";
                Enable(mount);
                Make(hierarchy, "");
            }
        }
    }

    public Dictionary<string, string> Directories { get; } = [];

    public bool IsVersion2 => !Directories.Keys.Any(hierarchy => hierarchy.Split(',').Contains("memory"));

    /// <summary>A cgroup below the container's, in every hierarchy.</summary>
    public void MakeBelow(string name)
    {
        foreach (string hierarchy in Directories.Keys)
        {
            Make(hierarchy, name);
        }
    }

    /// <summary>The one that was made last.</summary>
    public void RemoveBelow(string name)
    {
        foreach (string directory in Directories.Values.Reverse())
        {
            Assert.Equal($"{directory}/{name}", _made.Peek());
            Directory.Delete(_made.Pop());
        }
    }

    public void Place(int pid, string below)
    {
        foreach (string directory in Directories.Values)
        {
            File.WriteAllText($"{directory}/{below}/cgroup.procs", $"{pid}");
        }
    }

    public void SetMemory(long bytes, string below = "") =>
        Set("memory", IsVersion2 ? "memory.max" : "memory.limit_in_bytes", $"{bytes}", below);

    public void SetQuota(int microseconds, string below = "")
    {
        if (IsVersion2)
        {
            Set("cpu", "cpu.max", $"{microseconds} 100000", below);
        }
        else
        {
            Set("cpu", "cpu.cfs_quota_us", $"{microseconds}", below);
        }
    }

    public void Dispose()
    {
        while (_made.TryPop(out string? directory))
        {
            // Whoever was placed there has ended, or ends now.
            foreach (string pid in File.ReadAllLines($"{directory}/cgroup.procs"))
            {
                File.WriteAllText($"{Path.GetDirectoryName(Directories.Values.First(top => directory.StartsWith(top, StringComparison.Ordinal)))}/cgroup.procs", pid);
            }

            Directory.Delete(directory);
        }
    }

    void Set(string controller, string file, string text, string below)
    {
        string hierarchy = Directories.Keys.FirstOrDefault(key => key.Split(',').Contains(controller)) ?? "";
        File.WriteAllText($"{Directories[hierarchy]}/{below}/{file}", text);
    }

    void Make(string hierarchy, string below)
    {
        string directory = Path.Combine(Directories[hierarchy], below);
        Directory.CreateDirectory(directory);
        _made.Push(directory);
        Enable(directory);
        foreach (string file in new[] { "cpuset.cpus", "cpuset.mems" })
        {
            // A cpuset of version 1 begins empty, and takes nobody then.
            if (hierarchy.Split(',').Contains("cpuset"))
            {
                File.WriteAllText($"{directory}/{file}", File.ReadAllText($"{Path.GetDirectoryName(directory)}/{file}").TrimEnd());
            }
        }
    }

    // Version 2 gives a cgroup the controllers that the one above hands down.
    static void Enable(string directory)
    {
        if (File.Exists($"{directory}/cgroup.controllers"))
        {
            string[] wanted = [.. File.ReadAllText($"{directory}/cgroup.controllers").Split().Intersect(["memory", "cpu", "cpuset", "pids", "io"])];
            File.WriteAllText($"{directory}/cgroup.subtree_control", string.Join(' ', wanted.Select(one => "+" + one)));
        }
    }
}
