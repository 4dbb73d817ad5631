using System.Text;
using Caisson.Containers.Seccomp;
using Caisson.Oci;
using CsCheck;

namespace Caisson.Containers.Tests.Seccomp;

public sealed class SystemProfileTests
{
    static readonly string[] SomeNames =
    [
        "mount", "umount2", "clone", "clone3", "reboot", "statmount", "ptrace", "bpf", "swapon", "personality", "socket", "read",
        "mseal", "listns", "no_such_call",
    ];

    static readonly string[] Opened = ["mount", "umount2", "clone", "clone3", "reboot", "statmount", "ptrace"];

    static readonly string[] Needed = ["mount", "umount2", "clone", "clone3", "reboot"];

    static readonly Gen<LinuxSyscall> Rules = Gen.Select(
        Gen.OneOf(SomeNames).Array[1, 4],
        Gen.OneOf("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", "SCMP_ACT_TRAP"),
        Gen.Bool,
        (names, action, isConditional) => new LinuxSyscall
        {
            Names = [.. names.Distinct()],
            Action = action,
            Args = isConditional ? [new LinuxSeccompArg { Op = "SCMP_CMP_EQ", Value = 1 }] : null,
        });

    static readonly Gen<LinuxSeccomp> Whitelists = Profile("SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP");

    static readonly Gen<LinuxSeccomp> Blacklists = Profile("SCMP_ACT_ALLOW", "SCMP_ACT_LOG");

    [Theory]
    [InlineData(Profiles.Docker20, "docker-20.10.system.txt")]
    [InlineData(Profiles.Docker28, "docker-28.system.txt")]
    public void Plan_OpensDockersProfile(string profile, string golden) =>
        Profiles.AssertGolden(golden, Render(SystemProfile.Plan(Profiles.Read(profile))!));

    [Fact]
    public void Plan_LiftsOnlyVitalDenialsFromABlacklist()
    {
        LinuxSeccomp profile = Profiles.Deny("mount", "clone", "swapon", "ptrace", "bpf", "statmount");

        Assert.Equal(["swapon", "ptrace", "bpf", "statmount"], Assert.Single(SystemProfile.Plan(profile)!.Syscalls!).Names!);
        Assert.Empty(SystemProfile.Plan(Profiles.Deny("mount"))!.Syscalls!);
    }

    [Fact]
    public void Plan_KeepsNoProfileAsItIs_BecauseNullMeansUnconfined()
    {
        LinuxSeccomp empty = new();

        Assert.Null(SystemProfile.Plan(null));
        Assert.Same(empty, SystemProfile.Plan(empty));
    }

    [Fact]
    public void Plan_DecidesEveryCallThatDockerOpensByCapability()
    {
        // moby/profiles, seccomp/default.json: the names in rules with includes.caps, of version 28.
        string[] byCapability =
        [
            "open_by_handle_at", "bpf", "clone", "clone3", "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick",
            "lookup_dcookie", "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "mount", "mount_setattr", "move_mount",
            "open_tree", "perf_event_open", "quotactl", "quotactl_fd", "setdomainname", "sethostname", "setns", "syslog", "umount",
            "umount2", "unshare", "reboot", "chroot", "delete_module", "init_module", "finit_module", "acct", "kcmp", "pidfd_getfd",
            "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace", "iopl", "ioperm", "settimeofday", "stime",
            "clock_settime", "clock_settime64", "vhangup", "get_mempolicy", "mbind", "set_mempolicy", "set_mempolicy_home_node",
        ];
        string[] decided = [.. SystemProfile.Decisions.SelectMany(it => it.Names)];

        Assert.Empty(byCapability.Except(decided));
        Assert.Equal(decided.Distinct(), decided);
        Assert.All(SystemProfile.Decisions, it => Assert.NotEmpty(it.Reason));
    }

    [Fact]
    public void Plan_OfAWhitelist_AllowsWithoutConditionsAndForgetsNothingElse() => Whitelists.Sample(profile =>
    {
        LinuxSeccomp plan = SystemProfile.Plan(profile)!;
        string[] handedOver = [.. profile.Syscalls!.Where(it => it.Action == "SCMP_ACT_NOTIFY").SelectMany(it => it.Names!)];
        foreach (string name in Opened.Except(handedOver))
        {
            Assert.All(RulesOf(plan, name), rule => Assert.True(rule.Action is "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG" && rule.Args is null));
            Assert.NotEmpty(RulesOf(plan, name));
        }

        foreach (string name in SomeNames.Except(Opened).Union(handedOver))
        {
            AssertSameRules(profile, plan, name, except: "SCMP_ACT_ERRNO/38");
        }

        Assert.Equal(Render(plan), Render(SystemProfile.Plan(plan)!));
        Assert.Equal(profile with { Syscalls = null }, plan with { Syscalls = null });
    });

    [Fact]
    public void Plan_OfABlacklist_ForgetsNothingElse() => Blacklists.Sample(profile =>
    {
        LinuxSeccomp plan = SystemProfile.Plan(profile)!;
        string[] handedOver = [.. profile.Syscalls!.Where(it => it.Action == "SCMP_ACT_NOTIFY").SelectMany(it => it.Names!)];
        foreach (string name in Needed.Except(handedOver))
        {
            Assert.All(RulesOf(plan, name), rule => Assert.True(rule.Action is "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG"));
        }

        foreach (string name in SomeNames.Except(Needed).Union(handedOver))
        {
            AssertSameRules(profile, plan, name, except: null);
        }

        Assert.Equal(profile with { Syscalls = null }, plan with { Syscalls = null });
    });

    static Gen<LinuxSeccomp> Profile(params string[] defaults) => Gen.Select(
        Gen.OneOf(defaults),
        Rules.Array[0, 8],
        (action, rules) => new LinuxSeccomp { DefaultAction = action, Syscalls = rules });

    static LinuxSyscall[] RulesOf(LinuxSeccomp profile, string name) =>
        [.. profile.Syscalls!.Where(it => it.Names!.Contains(name))];

    static void AssertSameRules(LinuxSeccomp before, LinuxSeccomp after, string name, string? except) => Assert.Equal(
        RulesOf(before, name).Select(Words), RulesOf(after, name).Select(Words).Where(it => it != except));

    static string Words(LinuxSyscall rule) =>
        rule.Action + (rule.ErrnoRet is { } errno ? $"/{errno}" : "")
            + string.Concat((rule.Args ?? []).Select(it => $" [{it.Index} {it.Op} {it.Value} {it.ValueTwo}]"));

    // A rule's words, then its names, a few to a line.
    static string Render(LinuxSeccomp profile)
    {
        StringBuilder text = new($"default {profile.DefaultAction}\n");
        foreach (LinuxSyscall rule in profile.Syscalls!)
        {
            text.Append(Words(rule)).Append('\n');
            foreach (string[] names in rule.Names!.Chunk(8))
            {
                text.Append("    ").AppendJoin(' ', names).Append('\n');
            }
        }

        return text.ToString();
    }
}
