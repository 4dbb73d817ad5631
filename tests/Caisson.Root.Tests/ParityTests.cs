using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>What runc's users rely on and its own suite looks at (docs/conformance.md).</summary>
public sealed class ParityTests : RootTest
{
    [Theory, ForEachLevel]
    public void OfVariables_TheLastOneOfEachNameCounts_AndHomeIsFound(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("env | grep -c '^ONE='; echo $ONE $HOME");
            foreach (string variable in (string[])["ONE=two", "HOME=/first", "ONE=three", "HOME="])
            {
                config.Env(variable);
            }
        });

        Assert.Equal("1\nthree /root\n", bundle.Run().Output);
    }

    [Theory, ForEachLevel]
    public void AProcess_HasTheSchedulingThatItsSpecAsksFor(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config.Process()["scheduler"] = Config.Json(new { policy = "SCHED_BATCH", nice = 5 });
            config.Process()["ioPriority"] = Config.Json(new { @class = "IOPRIO_CLASS_BE", priority = 6 });
            config.Linux()["personality"] = Config.Json(new { domain = "LINUX32" });
            config.Linux()["memoryPolicy"] = Config.Json(new { mode = "MPOL_INTERLEAVE", nodes = "0" });
        }).Launch();

        // policy is field 41, nice field 19 of /proc/PID/stat, counted here from what follows the name.
        string[] fields = File.ReadAllText($"/proc/{bundle.Pid}/stat").Split(") ")[1].Split(' ');
        Assert.Equal(("3", "5"), (fields[38], fields[16]));
        Assert.Equal("best-effort: prio 6", Succeeded(Command.Run("ionice", ["-p", $"{bundle.Pid}"])).Trim());
        Assert.Equal("00000008", File.ReadAllText($"/proc/{bundle.Pid}/personality").Trim());
        Assert.Contains("interleave:0", File.ReadAllText($"/proc/{bundle.Pid}/numa_maps"));
    }

    [Theory, ForEachLevel]
    public void AContainer_MayUseAllCpus_ThoughItsCallerMayNot(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Shell("grep Cpus_allowed_list /proc/self/status"));
        string own = File.ReadAllLines("/proc/self/status").Single(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal));

        Assert.Equal(own + "\n", Bash($"taskset -c 0 $CAISSON --isolation {level} run -b {bundle.Directory} {bundle.Id}").Output);
    }

    [Fact]
    public void AMount_MayHaveIdMappingsOfItsOwn_WithoutAUserNamespace()
    {
        string volume = $"{Scratch}/volume";
        Directory.CreateDirectory(volume);
        File.WriteAllText($"{volume}/file", "");
        Succeeded(Command.Run("chown", ["1000:2000", $"{volume}/file"]));
        object[] mappings(int id, int host) => [new { containerID = id, hostID = host, size = 10 }];
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Shell("stat -c '%u %g' /v/file");
            config["mounts"]!.AsArray().Add(Config.Json(new
            {
                destination = "/v",
                type = "bind",
                source = volume,
                options = (string[])["bind"],
                uidMappings = mappings(1000, 5000),
                gidMappings = mappings(2000, 6000),
            }));
        });

        Assert.Equal("5000 6000", Succeeded(bundle.Run()));
    }

    [Theory, ForEachLevel]
    public void ACreatedContainer_HoldsNothingOfTheHosts(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000"));
        Assert.Equal(0, bundle.Create().ExitCode);

        string[] open = [.. Directory.GetFiles($"/proc/{bundle.Pid}/fd").Where(path => int.Parse(Path.GetFileName(path)) > 2)
            .Select(path => new FileInfo(path).LinkTarget ?? "").Where(target => !target.StartsWith("socket:", StringComparison.Ordinal))];

        Assert.All(open, target => Assert.Equal("anon_inode:seccomp notify", target));
    }

    [Theory, ForEachLevel]
    public void WhatTheCallerLeftOpen_IsClosed_ThoughTheProfileForbidsToCloseIt(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("ls /proc/self/fd | wc -l");
            config.Linux()["seccomp"] = Config.Json(new
            {
                defaultAction = "SCMP_ACT_ALLOW",
                syscalls = (object[])[new { names = (string[])["close_range"], action = "SCMP_ACT_ERRNO" }],
            });
        });

        // 0 to 2, and the directory itself.
        Assert.Equal("4\n", Bash($"exec 7</etc/passwd 9</; $CAISSON --isolation {level} run -b {bundle.Directory} {bundle.Id}").Output);
    }

    [Fact]
    public void ATmpfs_HasTheModeOfWhatItCovers_UnlessItIsGivenOne()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Shell("stat -c %a /one /two /three");
            config.Mount("/one", "tmpfs", "tmpfs");
            config.Mount("/two", "tmpfs", "tmpfs", "mode=0410");
            config.Mount("/three", "tmpfs", "tmpfs");
        });
        foreach (string name in (string[])["one", "two"])
        {
            Directory.CreateDirectory($"{bundle.Rootfs}/{name}", UnixFileMode.UserRead | UnixFileMode.GroupExecute);
        }

        Assert.Equal("410\n410\n1777\n", bundle.Run().Output);
    }

    [Fact]
    public void KillingAContainerInTheHostsPidNamespace_EndsAllOfIt()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Shell("sleep 1000 & sleep 1000; :");
            config.Linux()["namespaces"]!.AsArray().RemoveAll(entry => (string)entry!["type"]! == "pid");
        }).Launch();
        Eventually(() => bundle.Caisson("ps", "-f", "json", bundle.Id).Output.Split(',').Length == 3, "three processes run");
        int[] pids = [.. JsonNode.Parse(bundle.Caisson("ps", "-f", "json", bundle.Id).Output)!.AsArray().Select(pid => (int)pid!)];

        Assert.Equal(0, bundle.Kill("KILL").ExitCode);

        Eventually(() => pids.All(pid => !File.Exists($"/proc/{pid}/stat") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)), "all have ended");
    }

    [Fact]
    public void TheProcessOfAnExec_MayComeThroughAPipe()
    {
        using Bundle bundle = NewBundle("plain", config => config.Args("sleep", "1000")).Launch();

        CommandResult result = Bash(
            "$CAISSON exec --process <(echo '{\"args\": [\"sh\", \"-c\", \"grep Cpus_allowed_list /proc/self/status\"], \"cwd\": \"/\", \"execCPUAffinity\": {\"final\": \"0\"}}') " + bundle.Id);

        Assert.Equal("Cpus_allowed_list:\t0", Succeeded(result));
    }

    [Theory, ForEachLevel]
    public void AnExec_MayRunInACgroupBelowTheContainers(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();
        string pids = File.ReadAllLines($"/proc/{bundle.Pid}/cgroup").Single(line => line.Contains("pids", StringComparison.Ordinal) || line.StartsWith("0::/", StringComparison.Ordinal) && !Directory.Exists("/sys/fs/cgroup/pids")).Split(':')[2];
        bool isLegacy = Directory.Exists("/sys/fs/cgroup/pids");
        string below = $"/sys/fs/cgroup/{(isLegacy ? "pids/" : "")}{pids}/below";
        Directory.CreateDirectory(below);
        string option = isLegacy ? "pids:/below" : "below";

        Assert.Equal(0, bundle.Caisson("exec", "-d", "--cgroup", option, bundle.Id, "sleep", "1000").ExitCode);
        Assert.Single(File.ReadAllLines($"{below}/cgroup.procs"));
        Failed(bundle.Caisson("exec", "--cgroup", $"{option}/nowhere", bundle.Id, "true"), "adding pid to the cgroup", code: 255);
        Failed(bundle.Caisson("exec", "--cgroup", "..", bundle.Id, "true"), "bad sub cgroup path", code: 255);
    }

    [Theory, ForEachLevel]
    public void AMountBelowAReadOnlyTmpfs_HasAPlace(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("cat /one/two/three; touch /one/x 2>&1");
            config.Mount("/one", "tmpfs", "tmpfs", "ro");
            config.Mount("/one/two", "tmpfs", "tmpfs");
            File.WriteAllText($"{Scratch}/three", "three\n");
            config.Bind($"{Scratch}/three", "/one/two/three");
        });

        Assert.Equal("three\ntouch: /one/x: Read-only file system\n", bundle.Run().Output);
    }

    [Fact]
    public void Options_MayFollowTheId_WhereNoOthersCommandDoes()
    {
        using Bundle bundle = NewBundle("plain", config => config.Args("sleep", "1000")).Launch();
        Succeeded(bundle.Caisson("update", bundle.Id, "--pids-limit", "7"));
        Assert.Equal("7", Succeeded(Host.Run(bundle.Directory, ["sh", "-c", $"cat $(find /sys/fs/cgroup/pids -name '*{bundle.Id}*')/pids.max"])).Trim());
        Succeeded(bundle.Caisson("update", bundle.Id, "--memory", "50M"));
        Assert.Equal("52428800", Succeeded(Host.Run(bundle.Directory, ["sh", "-c", $"cat $(find /sys/fs/cgroup/memory -name '*{bundle.Id}*')/memory.limit_in_bytes"])).Trim());
        Failed(bundle.Caisson("update", "--memory", "50X", bundle.Id), "--memory: \"50X\" is not a size");
        Assert.Equal("--force", Succeeded(bundle.Exec("sh", "-c", "echo $0", "--force")).Trim());
        Assert.Contains("UID", Succeeded(bundle.Caisson("ps", bundle.Id, "-ef")), StringComparison.Ordinal);
        Succeeded(bundle.Caisson("delete", bundle.Id, "--force"));
    }

    [Theory, ForEachLevel]
    public void MaskedDirectories_ShareOneFileSystem(string level)
    {
        string seen = Inside(level, "stat -c %d /proc/scsi /proc/acpi /sys/firmware 2>/dev/null | sort -u | wc -l; ls -A /proc/acpi /sys/firmware | grep -v : | wc -w");
        Assert.Equal("1\n0", seen);
    }
}
