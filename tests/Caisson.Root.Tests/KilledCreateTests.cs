using System.Diagnostics;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>
/// The command is killed before one after the other of its system calls that change something: whatever it had made by then
/// goes with <c>delete --force</c>, and what the container had stored before is still there.
/// </summary>
public sealed class KilledCreateTests : RootTest
{
    /// <summary>
    /// Calls after which the machine is as before: they look, or change what dies with the process (its memory, descriptors,
    /// credentials, and mounts that are attached nowhere).
    /// </summary>
    static readonly HashSet<string> Harmless =
    [
        "access", "arch_prctl", "brk", "capget", "capset", "close", "dup", "dup3", "fcntl", "fgetxattr", "fsconfig", "fsmount", "fsopen",
        "fstat", "fstatfs", "get_mempolicy", "getdents64", "getpid", "getrandom", "gettid", "getxattr", "lseek", "madvise", "membarrier",
        "mmap", "mprotect", "munmap", "newfstatat", "open_tree", "pidfd_open", "poll", "ppoll", "prctl", "pread64", "read", "readlink",
        "readlinkat", "rseq", "rt_sigaction", "rt_sigprocmask", "sched_getaffinity", "set_robust_list", "set_tid_address", "setfsgid",
        "setfsuid", "setns", "statfs", "statx", "sysinfo", "umask", "uname",
    ];

    [Theory, ForEachLevel]
    public void WhatAKilledCreateHasMade_GoesWithDelete(string level)
    {
        using Bundle bundle = NewBundle(level, Change);
        KillEverywhere(bundle, level, every: 1, () => { });
    }

    [Fact]
    public void WhatAContainerOnAnOverlayHasStored_OutlivesAKilledCreate()
    {
        using Bundle bundle = NewBundle("system", Change);
        Succeeded(Bash(
            $"""
            cd {Scratch} && mv {bundle.Rootfs} lower && mkdir -p upper/var/lib/docker/d work {bundle.Rootfs} lower/var/lib/containerd
            echo kept >upper/var/lib/docker/d/f; echo image >lower/var/lib/containerd/f
            mount -t overlay overlay -o lowerdir={Scratch}/lower,upperdir={Scratch}/upper,workdir={Scratch}/work {bundle.Rootfs}
            """));
        try
        {
            // Every call is tried without an overlay.
            KillEverywhere(bundle, "system", every: 2, () => Assert.Equal("kept\n", File.ReadAllText($"{Scratch}/upper/var/lib/docker/d/f")));
            Succeeded(bundle.Create());
            Succeeded(bundle.Start());
            Assert.Equal("kept\nimage", bundle.Shell("cat /var/lib/docker/d/f /var/lib/containerd/f"));
        }
        finally
        {
            bundle.Delete("--force");
            Command.Run("umount", [bundle.Rootfs]);
        }
    }

    static void Change(JsonObject config)
    {
        config.Args("sleep", "1000");
        config["hooks"] = Config.Json(new { createRuntime = (object[])[new { path = "/bin/true" }] });
        config.Linux()["sysctl"] = new JsonObject { ["net.ipv4.ip_forward"] = "1" };
    }

    void KillEverywhere(Bundle bundle, string level, int every, Action check)
    {
        if (Bash("strace -o /dev/null true").ExitCode != 0)
        {
            Assert.Skip("strace cannot trace here");
        }

        string name = Path.GetFileName(Scratch);
        IReadOnlySet<string> mounts = Leftovers.Mounts();
        Succeeded(Traced(bundle, level, "trace=all", $"{Scratch}/trace"));
        Succeeded(bundle.Delete("--force"));
        (string Call, int Count)[] steps = [.. Steps(File.ReadAllLines($"{Scratch}/trace")).Where((_, index) => index % every == 0)];
        Stopwatch clock = Stopwatch.StartNew();
        int killed = 0;
        foreach ((string call, int count) in steps)
        {
            string what = $"killed at {call} number {count}";
            // strace ends as the command did; what the command started is not traced.
            CommandResult result = Traced(bundle, level, $"inject={call}:signal=KILL:when={count}", "/dev/null");
            Assert.True(result.ExitCode is 0 or 137, $"{what}: exit code {result.ExitCode}: {result.Errors}");
            killed += result.ExitCode == 137 ? 1 : 0;
            CommandResult delete = bundle.Delete("--force");
            Assert.True(delete.ExitCode == 0, $"{what}, delete: {delete.Errors}");
            IReadOnlyList<string> left = Leftovers.Await(name, mounts);
            Assert.True(left.Count == 0, $"{what}, left: {string.Join('\n', left)}");
            check();
        }

        Output?.WriteLine($"{level}: killed {killed} times in {steps.Length} steps, {clock.Elapsed.TotalSeconds:F0} s");
        // The first run makes directories that the later ones find.
        Assert.True(killed >= steps.Length * 0.8 && steps.Length > 100, $"killed {killed} times in {steps.Length} steps only");
    }

    static CommandResult Traced(Bundle bundle, string level, string what, string log) => Host.Run(
        bundle.Directory,
        ["strace", "-o", log, "-e", what, Host.Caisson, "--root", $"{Path.GetDirectoryName(bundle.Directory)}/states",
            "--isolation", level, "create", "-b", bundle.Directory, bundle.Id]);

    // strace counts each system call by itself.
    static IEnumerable<(string Call, int Count)> Steps(string[] trace)
    {
        Dictionary<string, int> counts = [];
        foreach (string line in trace)
        {
            int end = line.IndexOf('(');
            if (end > 0 && line[..end].All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            {
                string call = line[..end];
                counts[call] = counts.GetValueOrDefault(call) + 1;
                bool onlyOpens = call is "openat" or "openat2" && !line.Contains("O_CREAT") && !line.Contains("O_TRUNC");
                if (!Harmless.Contains(call) && !onlyOpens)
                {
                    yield return (call, counts[call]);
                }
            }
        }
    }
}
