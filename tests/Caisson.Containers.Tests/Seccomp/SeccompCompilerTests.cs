using Caisson.Containers.Seccomp;
using Caisson.Kernel;
using Caisson.Kernel.Seccomp;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    // Calls that fail early and change nothing where they are let through.
    static readonly string Mount = FilterProbe.Call("mount", "@", "@", "@", "0", "0");
    static readonly string Umount = FilterProbe.Call("umount2", "@", "0");
    static readonly string Unshare = FilterProbe.Call("unshare", "0");
    static readonly string SetNs = FilterProbe.Call("setns", "-1", "0");
    static readonly string Keyctl = FilterProbe.Call("keyctl", "9999");
    static readonly string FsOpen = FilterProbe.Call("fsopen", "@", "9999");
    static readonly string Clone3 = FilterProbe.Call("clone3", "0", "0");
    static readonly string GetPid = FilterProbe.Call("getpid");
    static readonly string Bpf = FilterProbe.Call("bpf", "9999", "0", "0");
    static readonly string SwapOn = FilterProbe.Call("swapon", "0", "0");
    static readonly string NoRandomize = FilterProbe.Call("personality", "0x40000");
    static readonly string Vsock = FilterProbe.Call("socket", "40", "1", "0");

    // CLONE_NEWUSER with CLONE_THREAD alone: EINVAL from the kernel.
    static readonly string CloneNewUser = FilterProbe.Call("clone", "0x10010000", "0", "0", "0", "0");

    // By number: libseccomp 2.5.4 does not know them.
    const string CacheStat = "451,-1,0,0,0";
    const string FChmodAt2 = "452,-1,@,0,0xffffffff";
    const string StatMount = "457,0,0,0,0xffffffff";
    const string MSeal = "462,0,0,0xffffffff";
    const string OpenTreeAttr = "467,-1,@,0xffffffff,0,0";
    const string Unheard = "1000";

    [Fact]
    public void Compile_RefusesWhatDockersProfileRefuses()
    {
        SeccompFilter filter = SeccompCompiler.Compile(Profiles.Read(Profiles.Docker28))!;

        Assert.Equal(
            [Errno.EPERM, Errno.EPERM, Errno.EPERM, Errno.EPERM, Errno.ENOSYS, Errno.EPERM, Errno.EPERM, Errno.EPERM, Errno.None],
            FilterProbe.Run(filter, Mount, Umount, Unshare, SetNs, Clone3, CloneNewUser, NoRandomize, Vsock, GetPid));
    }

    [Fact]
    public void Compile_AnswersEnosysToCallsThatTheProfileIsTooOldFor()
    {
        SeccompFilter filter = SeccompCompiler.Compile(Profiles.Read(Profiles.Docker20))!;

        Assert.Equal(
            [Errno.ENOSYS, Errno.ENOSYS, Errno.ENOSYS, Errno.ENOSYS, Errno.EPERM],
            FilterProbe.Run(filter, CacheStat, FChmodAt2, StatMount, Unheard, Mount));
    }

    [Fact]
    public void Compile_AnswersTheDefaultToUnknownCalls_WhenTheProfileAsksForEnosysItself()
    {
        LinuxSeccomp profile = Profiles.Read(Profiles.Docker20) with { DefaultErrnoRet = (uint)Errno.ENOSYS };

        Assert.Equal([Errno.ENOSYS, Errno.ENOSYS], FilterProbe.Run(SeccompCompiler.Compile(profile)!, Unheard, Mount));
    }

    [Fact]
    public void Compile_LetsThroughCallsThatLibseccompDoesNotKnow_BecauseTheirNumbersAreTheSameEverywhere()
    {
        SeccompFilter filter = SeccompCompiler.Compile(Profiles.Read(Profiles.Docker28))!;
        string[] calls = [CacheStat, FChmodAt2, StatMount, MSeal, "i457,0,0,0,0xffffffff"];

        Assert.Equal(FilterProbe.Run(null, calls), FilterProbe.Run(filter, calls));
    }

    [Fact]
    public void Compile_RefusesCallsThatLibseccompDoesNotKnow()
    {
        SeccompFilter filter = SeccompCompiler.Compile(Profiles.Deny("open_tree_attr", "mseal", "swapon"))!;
        string[] others = [Unheard, StatMount, Mount];

        Assert.Equal([Errno.EPERM, Errno.EPERM, Errno.EPERM], FilterProbe.Run(filter, OpenTreeAttr, MSeal, SwapOn));
        Assert.Equal(FilterProbe.Run(null, others), FilterProbe.Run(filter, others));
    }

    [Fact]
    public void Compile_FiltersCallsOfI386()
    {
        Errno?[] plain = FilterProbe.Run(null, "i20");
        Assert.SkipWhen(plain[0] is null, "the kernel has no i386 calls");

        SeccompFilter docker20 = SeccompCompiler.Compile(Profiles.Read(Profiles.Docker20))!;
        Assert.Equal([Errno.None, Errno.EPERM, Errno.ENOSYS], FilterProbe.Run(docker20, "i20", "i21,0,0,0,0", "i457,0,0,0,0"));
    }

    [Fact]
    public void Compile_LeavesToTheSystemProfileWhatTheKernelConfines()
    {
        string[] calls = [Mount, Umount, Unshare, SetNs, Keyctl, FsOpen, Clone3, CloneNewUser, FChmodAt2, StatMount, OpenTreeAttr];
        Errno?[] unfiltered = FilterProbe.Run(null, calls);
        foreach (string name in new[] { Profiles.Docker20, Profiles.Docker28 })
        {
            SeccompFilter filter = SeccompCompiler.Compile(SystemProfile.Plan(Profiles.Read(name))!)!;

            Assert.Equal(unfiltered, FilterProbe.Run(filter, calls));
            Assert.Equal([Errno.EPERM, Errno.EPERM, Errno.EPERM, Errno.ENOSYS], FilterProbe.Run(filter, Bpf, SwapOn, NoRandomize, Unheard));
        }
    }

    [Fact]
    public void Compile_KeepsEnosysBetweenTheProfilesNewestCallAndTheSystemProfiles()
    {
        SeccompFilter filter = SeccompCompiler.Compile(SystemProfile.Plan(Profiles.Read(Profiles.Docker20))!)!;

        Assert.Equal([Errno.ENOSYS, Errno.ENOSYS], FilterProbe.Run(filter, CacheStat, MSeal));
    }

    [Fact]
    public void Compile_TakesConditionsOnOneArgumentAsAlternatives_AndOnSeveralAsAConjunction()
    {
        // getpriority(which, who) fails with EINVAL for which above 2.
        LinuxSeccomp profile = new()
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls =
            [
                Rule("getpriority", 40, Argument(0, 100, "SCMP_CMP_EQ"), Argument(0, 101, "SCMP_CMP_EQ")),
                Rule("ioprio_get", 41, Argument(0, 0xf0, "SCMP_CMP_MASKED_EQ", 0x30), Argument(1, 5, "SCMP_CMP_GT")),
            ],
        };
        SeccompFilter filter = SeccompCompiler.Compile(profile)!;

        Assert.Equal(
            [(Errno)40, (Errno)40, Errno.EINVAL, (Errno)41, Errno.EINVAL, Errno.EINVAL],
            FilterProbe.Run(
                filter,
                FilterProbe.Call("getpriority", "100", "0"), FilterProbe.Call("getpriority", "101", "0"),
                FilterProbe.Call("getpriority", "102", "0"), FilterProbe.Call("ioprio_get", "0x3f", "6"),
                FilterProbe.Call("ioprio_get", "0x3f", "5"), FilterProbe.Call("ioprio_get", "0x4f", "6")));
    }

    [Fact]
    public void Compile_SkipsNamesThatNobodyKnows_AndRulesThatRepeatTheDefault()
    {
        LinuxSeccomp profile = new()
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls =
            [
                Rule("no_such_call", 1),
                new LinuxSyscall { Names = ["mount"], Action = "SCMP_ACT_ALLOW" },
            ],
        };

        Assert.Equal(FilterProbe.Run(null, Mount), FilterProbe.Run(SeccompCompiler.Compile(profile)!, Mount));
    }

    [Fact]
    public void Compile_GivesTheSpecificationsFlags()
    {
        LinuxSeccomp profile = Profiles.Deny("swapon");
        LinuxSeccomp logged = profile with { Flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC"] };

        Assert.Equal(SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW, SeccompCompiler.Compile(profile)!.Flags);
        Assert.Equal(SeccompFilterFlags.None, SeccompCompiler.Compile(profile with { Flags = [] })!.Flags);
        Assert.Equal(SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG, SeccompCompiler.Compile(logged)!.Flags);
        Assert.Equal([Errno.EPERM], FilterProbe.Run(SeccompCompiler.Compile(logged)!, SwapOn));
    }

    [Fact]
    public void Compile_GivesNoFilterForAProfileThatSaysNothing() => Assert.Null(SeccompCompiler.Compile(new LinuxSeccomp()));

    [Theory]
    [InlineData("SCMP_ACT_NONE", "SCMP_CMP_EQ", 0, null, "unknown action \"SCMP_ACT_NONE\"")]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_CMP_IS", 0, null, "unknown operator \"SCMP_CMP_IS\"")]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_CMP_EQ", 6, null, "no argument 6")]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_CMP_EQ", 0, "SECCOMP_FILTER_FLAG_X", "unknown flag \"SECCOMP_FILTER_FLAG_X\"")]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_CMP_EQ", 0, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "only to a listener")]
    public void Compile_SaysWhatIsWrongWithAProfile(string action, string op, uint index, string? flag, string expected)
    {
        LinuxSeccomp profile = new()
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Flags = flag is null ? null : [flag],
            Syscalls = [new LinuxSyscall { Names = ["mount"], Action = action, Args = [Argument(index, 0, op)] }],
        };

        UserError error = Assert.Throws<UserError>(() => SeccompCompiler.Compile(profile));
        Assert.Contains(expected, error.Message);
        Assert.NotEmpty(error.Remedy);
    }

    [Fact]
    public void Compile_StaysInTheKernelsBound_WithEveryUnifiedCallOnEveryArchitecture()
    {
        LinuxSeccomp profile = SystemProfile.Plan(new LinuxSeccomp
        {
            DefaultAction = "SCMP_ACT_KILL_PROCESS",
            Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
            Syscalls = [new LinuxSyscall { Names = ["exit_group", "write", "fstat", "newfstatat"], Action = "SCMP_ACT_ALLOW" }],
        })!;

        Assert.Equal([Errno.ENOSYS, Errno.ENOSYS], FilterProbe.Run(SeccompCompiler.Compile(profile)!, CacheStat, Unheard));
    }

    static LinuxSyscall Rule(string name, uint errno, params LinuxSeccompArg[] arguments) =>
        new() { Names = [name], Action = "SCMP_ACT_ERRNO", ErrnoRet = errno, Args = arguments };

    static LinuxSeccompArg Argument(uint index, ulong value, string op, ulong valueTwo = 0) =>
        new() { Index = index, Value = value, ValueTwo = valueTwo, Op = op };
}
