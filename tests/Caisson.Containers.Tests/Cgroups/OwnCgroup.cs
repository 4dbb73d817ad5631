using System.Diagnostics;
using Caisson.Containers.Cgroups;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Tests.Cgroups;

/// <summary>A cgroup below /caisson-tests-PID in all hierarchies of the machine, with the processes of one test; gone afterwards.</summary>
sealed class OwnCgroup : IDisposable
{
    static int counter;

    readonly List<Process> _processes = [];

    public OwnCgroup()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "making cgroups needs root");
        CgroupLayout layout = CgroupLayout.Detect();
        Assert.SkipUnless(layout.Hierarchies.Count > 0, "no cgroup hierarchy is mounted");
        Path = $"/caisson-tests-{Environment.ProcessId}/{Interlocked.Increment(ref counter)}";
        Cgroup = Cgroup.Create(CgroupPath.Resolve(layout, Path, "unused", systemd: false));
    }

    public string Path { get; }

    public Cgroup Cgroup { get; }

    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(20);

    public string Directory(string hierarchy) => Cgroup.State.Paths[hierarchy];

    public string Read(string controller, string file) => (Cgroup.TryRead(controller, file) ?? "").Trim();

    public void RequireVersion1(string controller) => Assert.SkipUnless(
        Cgroup.Mode != CgroupMode.Unified && Cgroup.PathOf(controller) is not null,
        $"no version 1 hierarchy with the {controller} controller is mounted");

    public string RequireVersion2()
    {
        Assert.SkipUnless(Cgroup.State.Paths.ContainsKey(""), "no version 2 hierarchy is mounted");
        return Directory("");
    }

    /// <summary>Starts a shell that runs the script once it is in the cgroup; standard error goes to its output.</summary>
    public Process Start(string script)
    {
        Process process = StartOutside($"read go\n{script}");
        Cgroup.AddProcess(process.Id);
        process.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        return process;
    }

    public Process StartOutside(string script)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec 2>&1\n" + script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }

    /// <summary>Waits for a line of output.</summary>
    public static string Line(Process process) => process.StandardOutput.ReadLine() ?? "";

    public void Dispose()
    {
        Cgroup.Kill(Deadline);
        foreach (Process process in _processes)
        {
            // Processes that a test left outside the cgroup.
            if (!process.HasExited && PidFd.TryOpen(process.Id, out Kernel.Fd? descriptor) == Kernel.Errno.None)
            {
                using (descriptor)
                {
                    PidFd.TrySignal(descriptor!, 9);
                }
            }

            process.Dispose();
        }

        Cgroup.Destroy(Deadline);
        Cgroup.Dispose();
        foreach (string path in Cgroup.State.Paths.Values)
        {
            // Shared by the tests that run at the same time: the last one succeeds.
            Kernel.Files.Directories.TryRemove(Kernel.Fd.CurrentDirectory, System.IO.Path.GetDirectoryName(path)!);
        }
    }
}
