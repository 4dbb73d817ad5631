using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>What a container's first process gets, and how it is attached to the command.</summary>
public sealed class ProcessTests : RootTest
{
    [Theory, ForEachLevel]
    public void AnAttachedProcess_HasTheCommandsStreams(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Shell("cat; echo error >&2; exit 3"));

        CommandResult result = Bash($"printf 'in put' | $CAISSON --isolation {level} run -b {bundle.Directory} {bundle.Id} | cat; exit ${{PIPESTATUS[1]}}");

        Assert.Equal(new CommandResult(3, "in put", "error\n"), result);
    }

    [Theory, ForEachLevel]
    public void Streams_CanBeOpenedAgainInside(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("echo one >/dev/stdout; echo two >/dev/stderr; echo three >/proc/self/fd/1");
            config.Process()["user"] = Config.Json(new { uid = 1000, gid = 1000 });
        });

        CommandResult result = Bash($"$CAISSON --isolation {level} run -b {bundle.Directory} {bundle.Id} 2>&1 | cat");

        Assert.Equal("one\ntwo\nthree\n", result.Output + result.Errors);
    }

    [Theory, ForEachLevel]
    public void ADetachedProcess_KeepsTheStreams_AndThePidIsWritten(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Shell("echo before; while [ ! -e /go ]; do sleep 0.01; done; echo after"));
        Running run = bundle.StartRun("-d", "--pid-file", "pid");
        Assert.Equal(0, run.Wait().ExitCode);

        Assert.Equal($"{bundle.Pid}", File.ReadAllText($"{bundle.Directory}/pid"));
        File.WriteAllText($"{bundle.Rootfs}/go", "");

        Eventually(() => run.Output == "before\nafter\n", "the process prints to the command's output");
    }

    [Theory, ForEachLevel]
    public void SignalsToAForegroundRun_GoToTheProcess(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
            config.Shell("for s in HUP INT TERM USR1 QUIT; do trap \"echo $s\" $s; done; trap 'exit 4' USR2; echo ready; while :; do sleep 0.01; done"));
        Running run = bundle.StartRun();
        Eventually(() => run.Output.Contains("ready"), "the shell is ready");

        foreach (string signal in (string[])["HUP", "INT", "TERM", "USR1", "QUIT"])
        {
            Command.Run("kill", [$"-{signal}", $"{run.Pid}"]);
            Eventually(() => run.Output.Contains($"{signal}\n"), $"{signal} arrives");
        }

        Command.Run("kill", ["-USR2", $"{run.Pid}"]);
        Assert.Equal(4, run.Wait().ExitCode);
    }

    [Theory, ForEachLevel]
    public void AProgramThatIsNotThere_IsNamed_AndNothingIsLeft(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("nonsense"));
        Failed(bundle.Run(), "exec \"nonsense\": executable file not found in $PATH");
        Failed(bundle.Create(), "executable file not found in $PATH");

        bundle.Change(config => config.Args("/bin/nonsense"));
        CommandResult result = bundle.Run();
        Failed(result, "exec \"/bin/nonsense\"");
        Assert.Contains("no such file or directory", result.Errors, StringComparison.OrdinalIgnoreCase);
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Theory, ForEachLevel]
    public void AProgramThatCannotBeExecuted_IsNamed_AndNothingIsLeft(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("/etc/passwd"));
        CommandResult result = bundle.Run();
        Failed(result, "exec \"/etc/passwd\"");
        Assert.Contains("permission denied", result.Errors, StringComparison.OrdinalIgnoreCase);

        // Executable by its mode, but not by its content: known at start only.
        bundle.Change(config => config.Args("/program"));
        File.WriteAllText($"{bundle.Rootfs}/program", "nonsense");
        File.SetUnixFileMode($"{bundle.Rootfs}/program", (UnixFileMode)0x1ED);
        result = bundle.Run();
        Failed(result, "exec \"/program\"");
        Assert.Contains("exec format error", result.Errors, StringComparison.OrdinalIgnoreCase);
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Theory, ForEachLevel]
    public void Signals_HaveTheirDefaults_AndNoneIsBlocked(string level)
    {
        string status = Inside(level, "", config => config.Args("grep", "-E", "Sig(Ign|Blk)", "/proc/self/status"));

        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000", status);
    }

    [Theory, ForEachLevel]
    public void NoDescriptorIsInherited_ExceptTheStreamsAndTheWantedOnes(string level)
    {
        // The fourth is the directory that ls reads.
        using Bundle bundle = NewBundle(level, config => config.Args("ls", "/proc/self/fd"));
        string run = $"$CAISSON --isolation {level} run -b {bundle.Directory}";

        Assert.Equal("0 1 2 3", Succeeded(Bash($"{run} {bundle.Id} 3</etc/passwd 7</etc/passwd 9>/dev/null | xargs")));
        Assert.Equal("0 1 2 3 4 5", Succeeded(Bash($"{run} --preserve-fds 2 {bundle.Id} 3</etc/passwd 4</etc/group 9>/dev/null | xargs")));
        bundle.Change(config => config.Shell("cat <&4"));
        Assert.StartsWith("root:", Succeeded(Bash($"{run} --preserve-fds 2 {bundle.Id} 3</dev/null 4</etc/group")));
    }

    [Theory, ForEachLevel]
    public void Home_IsThatOfTheUser_UnlessItIsGiven(string level)
    {
        Assert.Equal("/root", Inside(level, "echo $HOME"));
        Assert.Equal("/elsewhere", Inside(level, "echo $HOME", config => config.Env("HOME=/elsewhere")));
        Assert.Equal("/", Inside(level, "echo $HOME", config => config.Process()["user"] = Config.Json(new { uid = 4711, gid = 1 })));
    }

    [Theory, ForEachLevel]
    public void User_Groups_AndUmask_AreTheSpecs(string level)
    {
        Assert.Equal("uid=0(root) gid=0(root) 0022", Inside(level, "echo $(id) $(umask)"));

        string other = Inside(level, "echo $(id -u) $(id -g) $(grep Groups /proc/self/status) $(umask)", config =>
            config.Process()["user"] = Config.Json(new { uid = 1000, gid = 1001, additionalGids = (int[])[5, 6, 7], umask = 63 }));

        Assert.Equal("1000 1001 Groups: 5 6 7 0077", other);
    }

    [Theory, ForEachLevel]
    public void AWorkingDirectoryThatIsMissing_IsMade(string level) =>
        Assert.Equal("/some/where", Inside(level, "pwd", config => config.Process()["cwd"] = "/some/where"));

    [Theory, ForEachLevel]
    public void NoNewPrivileges_IsAsTheSpecHasIt(string level)
    {
        foreach (bool wanted in (bool[])[true, false])
        {
            Assert.Equal(
                wanted ? "1" : "0",
                Inside(level, "awk '/NoNewPrivs/ {print $2}' /proc/self/status", config => config.Process()["noNewPrivileges"] = wanted));
        }
    }

    [Fact]
    public void APlainContainer_HasExactlyTheSpecsCapabilities()
    {
        const string chown = "0000000000000001";
        const string kill = "0000000000000020";
        const string both = "0000000000000021";
        const string none = "0000000000000000";
        static void Change(JsonObject config) => config.Process()["capabilities"] = Config.Json(new
        {
            bounding = (string[])["CAP_CHOWN", "CAP_KILL"],
            permitted = (string[])["CAP_CHOWN", "CAP_KILL"],
            inheritable = (string[])["CAP_KILL"],
            effective = (string[])["CAP_CHOWN"],
            ambient = (string[])["CAP_KILL"],
        });
        const string show = "awk '/^Cap/ {print $2}' /proc/self/status | xargs";

        // For root execve(2) computes the sets anew from the bounding and inheritable ones.
        Assert.Equal($"{kill} {both} {both} {both} {none}", Inside("plain", show, config =>
        {
            Change(config);
            config.Process()["capabilities"]!["ambient"] = Config.Json(Array.Empty<string>());
        }));
        Assert.Equal($"{kill} {kill} {kill} {both} {kill}", Inside("plain", show, config =>
        {
            Change(config);
            config.Process()["user"] = Config.Json(new { uid = 1000, gid = 1000 });
        }));
        Assert.Equal(none, Inside("plain", "awk '/^CapBnd/ {print $2}' /proc/self/status", config => config.Capabilities()));
        Assert.Equal(chown, Inside("plain", "awk '/^CapEff/ {print $2}' /proc/self/status", config => config.Capabilities("CAP_CHOWN")));
    }

    [Fact]
    public void RootOfASystemContainer_HasAllCapabilities_AndAnotherUserNone()
    {
        const string all = "000001ffffffffff";
        const string show = "awk '/^Cap(Prm|Eff|Bnd)/ {print $2}' /proc/self/status | xargs";

        Assert.Equal($"{all} {all} {all}", Inside("system", show));
        Assert.Equal(
            $"0000000000000000 0000000000000000 {all}",
            Inside("system", show, config => config.Process()["user"] = Config.Json(new { uid = 1000, gid = 1000 })));
    }

    [Theory, ForEachLevel]
    public void Rlimits_AreLoweredExactly_AndTooHighOnesAreNotFatal(string level)
    {
        const string show = "awk '/open files/ {print $4, $5}' /proc/self/limits";
        void Limit(JsonObject config, ulong soft, ulong hard) =>
            config.Process()["rlimits"] = Config.Json((object[])[new { type = "RLIMIT_NOFILE", soft, hard }]);

        Assert.Equal("100 200", Inside(level, show, config => Limit(config, 100, 200)));
        Assert.NotEmpty(Inside(level, show, config => Limit(config, 1 << 30, 1 << 30)));
    }

    [Theory, ForEachLevel]
    public void TheOutOfMemoryScore_IsTheSpecs(string level) =>
        Assert.Equal("321", Inside(level, "cat /proc/self/oom_score_adj", config => config.Process()["oomScoreAdj"] = 321));

    [Theory, ForEachLevel]
    public void Sysctls_HoldInside_AndOnlyThere(string level)
    {
        string hosts = File.ReadAllText("/proc/sys/kernel/shmmax") + File.ReadAllText("/proc/sys/net/ipv4/ip_forward");

        string inside = Inside(
            level, "cd /proc/sys; cat net/ipv4/ip_forward kernel/shmmax net/core/somaxconn kernel/domainname | xargs", config =>
            {
                config.Linux()["sysctl"] = new JsonObject
                {
                    ["net.ipv4.ip_forward"] = "1",
                    ["kernel.shmmax"] = "123456",
                    ["net.core.somaxconn"] = "77",
                    ["kernel.domainname"] = "example",
                };
            });

        Assert.Equal("1 123456 77 example", inside);
        Assert.Equal(hosts, File.ReadAllText("/proc/sys/kernel/shmmax") + File.ReadAllText("/proc/sys/net/ipv4/ip_forward"));
    }

    [Theory, ForEachLevel]
    public void ASysctlOfTheHost_IsRefused(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Linux()["sysctl"] = new JsonObject { ["vm.swappiness"] = "1" });

        Failed(bundle.Run(), "/linux/sysctl/vm.swappiness");
    }

    [Theory, ForEachLevel]
    public void Names_AreTheSpecs(string level) =>
        Assert.Equal("inner example.org", Inside(level, "echo $(hostname) $(cat /proc/sys/kernel/domainname)", config =>
        {
            config["hostname"] = "inner";
            config["domainname"] = "example.org";
        }));

    [Theory, ForEachLevel]
    public void TheProcess_IsNumberOne_OfASessionOfItsOwn(string level) =>
        Assert.Equal("1 1 1", Inside(level, "", config => config.Args("awk", "{print $1, $5, $6}", "/proc/self/stat")));

    [Theory, ForEachLevel]
    public void TheEnvironment_IsTheSpecsAndHome(string level) =>
        Assert.Equal("A=1 HOME PATH TERM TEST_OF_CAISSON", string.Join(' ', Inside(level, "", config =>
        {
            config.Env("A=1");
            config.Args("env");
        }).Split('\n').Order(StringComparer.Ordinal).Select(line => line.StartsWith("A=", StringComparison.Ordinal) ? line : line.Split('=')[0])));

    [Fact]
    public void AnAppArmorProfileThatTheKernelLacks_IsNamed_AndUnconfinedIsNone()
    {
        using Bundle bundle = NewBundle("plain", config => config.Process()["apparmorProfile"] = "no-such-profile");
        Failed(bundle.Run(), "no-such-profile");

        Assert.Equal("fine", Inside("plain", "echo fine", config => config.Process()["apparmorProfile"] = "unconfined"));
    }
}
