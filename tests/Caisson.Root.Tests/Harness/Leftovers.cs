using System.Diagnostics;

namespace Caisson.Root.Tests.Harness;

/// <summary>Everything on the machine that belongs to one test: by its name, which ids, paths and environments carry.</summary>
static class Leftovers
{
    static readonly string[] Cgroups = ["/sys/fs/cgroup"];

    // Others' containers come and go while the tests run; /run/netns becomes a mount when `ip netns` is first used, and stays one.
    static readonly string[] Foreign =
        ["/var/lib/docker", "/var/run/docker", "/run/docker", "/run/containerd", "/var/lib/containerd", "/var/cache", "/tmp/", "/run/netns"];

    /// <summary>Waits a little for the kernel and a slow init to finish, then names what is still there.</summary>
    public static IReadOnlyList<string> Await(string name, IReadOnlySet<string> mountsBefore)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            string[] left = [.. Find(name, mountsBefore)];
            if (left.Length == 0 || clock.Elapsed.TotalSeconds > 3)
            {
                return left;
            }

            Thread.Sleep(20);
        }
    }

    public static IReadOnlySet<string> Mounts() => File.ReadLines("/proc/self/mountinfo").ToHashSet();

    /// <summary>Ends and unmounts what a failed test left, as far as that is possible by its name.</summary>
    public static void Remove(string name)
    {
        foreach (string process in Processes(name))
        {
            Command.Run("kill", ["-9", process.Split(' ')[1]]);
        }

        foreach (string mount in Mounts().Where(line => IsOf(line, name)).Select(line => line.Split(' ')[4]).Reverse())
        {
            Command.Run("umount", ["-l", mount]);
        }

        foreach (string pinned in Pinned(name))
        {
            Command.Run("ip", ["netns", "del", pinned.Split(' ')[^1]]);
        }
    }

    static IEnumerable<string> Find(string name, IReadOnlySet<string> mountsBefore) =>
    [
        .. Processes(name),
        .. Mounts().Except(mountsBefore).Where(line => IsOf(line, name) || !IsForeign(line)).Select(line => $"mount {line}"),
        .. Cgroups.SelectMany(Below).Where(path => IsOf(path, name)).Select(path => $"cgroup {path}"),
        .. Below("/run/caisson").Where(path => IsOf(path, name)).Select(path => $"file {path}"),
        .. Records("/run/caisson/ids", name),
        .. Below("/var/lib/caisson").Where(path => IsOf(path, name)).Select(path => $"directory {path}"),
        .. Records("/var/lib/caisson/homes", name),
        .. Entries($"{Path.GetTempPath()}/{name}/states").Select(path => $"state {path}"),
        .. Pinned(name),
    ];

    static IEnumerable<string> Processes(string name)
    {
        foreach (string directory in Entries("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            int pid = int.Parse(Path.GetFileName(directory));
            if (pid == Environment.ProcessId)
            {
                continue;
            }

            string words = $"{Text($"{directory}/cmdline")} {Text($"{directory}/cgroup")} {Text($"{directory}/environ")} {LogOf(directory)}";
            // What has ended but was not waited for is its parent's matter.
            if (IsOf(words, name) && !Text($"{directory}/stat").Contains(") Z ") && Text($"{directory}/stat").Length > 0)
            {
                yield return $"process {pid} {words.Replace('\0', ' ')}";
            }
        }
    }

    /// <summary>The monitors, holders and workers, that write into the log of a container whose path has this in it.</summary>
    public static IReadOnlyList<string> Monitors(string id) =>
        [.. Entries("/proc").Where(path => char.IsAsciiDigit(path[6]) && LogOf(path).Contains(id, StringComparison.Ordinal)).Select(path => $"process {path[6..]} {Text($"{path}/comm").Trim()}")];

    // A monitor has no environment, no cgroup of its container's and no name of it among its words: only its standard error tells
    // whose it is, also when the container and its state are gone.
    static string LogOf(string directory) =>
        Text($"{directory}/comm").Trim() is "caisson-monitor" or "caisson-worker" ? Link($"{directory}/fd/2") : "";

    static string Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static IEnumerable<string> Pinned(string name) =>
        Entries("/run/netns").Where(path => IsOf(path, name)).Select(path => $"network namespace {Path.GetFileName(path)}");

    static IEnumerable<string> Records(string directory, string name) =>
        Entries(directory).Where(path => IsOf(Text(path), name)).Select(path => $"record {path}");

    // crt12-1 is not of crt12-10.
    static bool IsOf(string text, string name)
    {
        for (int at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            int end = at + name.Length;
            if (end == text.Length || !char.IsAsciiDigit(text[end]))
            {
                return true;
            }
        }

        return false;
    }

    static bool IsForeign(string line) =>
        Foreign.Any(place => line.Split(' ')[4].StartsWith(place, StringComparison.Ordinal)) || line.Contains("/netns/") || line.Contains(" nsfs ");

    static IEnumerable<string> Below(string directory)
    {
        foreach (string path in Directories(directory))
        {
            yield return path;
            foreach (string below in Below(path))
            {
                yield return below;
            }
        }
    }

    // Others may remove it while it is read.
    static string[] Directories(string directory)
    {
        try
        {
            return [.. Directory.GetDirectories(directory).Where(path => new FileInfo(path).LinkTarget is null)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    static string[] Entries(string directory)
    {
        try
        {
            return Directory.GetFileSystemEntries(directory);
        }
        catch (IOException)
        {
            return [];
        }
    }

    static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
