using Caisson.Containers.Seccomp;
using Caisson.Kernel;
using Caisson.Kernel.Seccomp;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Seccomp;

/// <summary>What the whole filter answers, call by call, on architectures that share it.</summary>
public sealed class FilterPrologueTests
{
    const uint X32 = SeccompArchitecture.X32SyscallBit;
    const uint Newest = 460;

    static readonly uint Enosys = SeccompAction.Error((uint)Errno.ENOSYS);
    static readonly uint Eperm = SeccompAction.Error((uint)Errno.EPERM);

    // The last name is number 460, and 452 has an answer of its own.
    static readonly LinuxSeccomp Profile = new()
    {
        DefaultAction = "SCMP_ACT_ERRNO",
        Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"],
        Syscalls =
        [
            new LinuxSyscall { Names = ["read", "openat2", "statmount", "lsm_set_self_attr"], Action = "SCMP_ACT_ALLOW" },
            new LinuxSyscall { Names = ["fchmodat2"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 95 },
        ],
    };

    public static TheoryData<string, uint> Architectures { get; } = new()
    {
        { "SCMP_ARCH_X86_64", 0 }, { "SCMP_ARCH_X32", X32 }, { "SCMP_ARCH_X86", 0 }, { "SCMP_ARCH_AARCH64", 0 }, { "SCMP_ARCH_ARM", 0 },
    };

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Filter_AnswersEachCallOnEachArchitecture(string name, uint firstNumber)
    {
        SeccompFilter filter = SeccompCompiler.Compile(Profile)!;
        SeccompArchitecture architecture = SeccompArchitecture.Named(name)!;
        for (uint number = 424; number < 2000; number++)
        {
            uint expected = number switch
            {
                437 or 457 or Newest => SeccompAction.SECCOMP_RET_ALLOW,
                452 => SeccompAction.Error(95),
                > Newest => Enosys,
                _ => Eperm,
            };
            uint answer = FilterMachine.Run(filter, architecture.AuditArchitecture, firstNumber + number);
            Assert.True(expected == answer, $"{name} {number}: 0x{answer:x8} is not 0x{expected:x8}");
        }

        uint read = (uint)Libseccomp.ResolveName("read", architecture);
        Assert.Equal(SeccompAction.SECCOMP_RET_ALLOW, FilterMachine.Run(filter, architecture.AuditArchitecture, read));
    }

    [Fact]
    public void Filter_KillsOtherArchitectures_X32AmongThem()
    {
        LinuxSeccomp profile = Profile with { Architectures = ["SCMP_ARCH_X86_64"] };
        SeccompFilter filter = SeccompCompiler.Compile(profile)!;

        Assert.Equal(SeccompAction.SECCOMP_RET_KILL_THREAD, FilterMachine.Run(filter, 0xc000003e, X32 + 437));
        Assert.Equal(SeccompAction.SECCOMP_RET_KILL_THREAD, FilterMachine.Run(filter, 0xc000003e, X32 + 1000));
        Assert.Equal(SeccompAction.SECCOMP_RET_KILL_THREAD, FilterMachine.Run(filter, 0x40000003, 3));
        Assert.Equal(Enosys, FilterMachine.Run(filter, 0xc000003e, 1000));
    }

    [Fact]
    public void Filter_AllowsUnheardCalls_WhereTheDefaultAllows()
    {
        SeccompFilter filter = SeccompCompiler.Compile(Profiles.Deny("swapon"))!;

        Assert.Equal(SeccompAction.SECCOMP_RET_ALLOW, FilterMachine.Run(filter, SeccompArchitecture.Native.AuditArchitecture, 1000));
    }

    [Fact]
    public void Filter_KeepsTheConditionsOfOtherCallsInTheSystemProfile()
    {
        SeccompFilter filter = SeccompCompiler.Compile(SystemProfile.Plan(Profiles.Read(Profiles.Docker28))!)!;
        SeccompArchitecture x86 = SeccompArchitecture.X86_64;
        uint personality = (uint)Libseccomp.ResolveName("personality", x86);
        uint socket = (uint)Libseccomp.ResolveName("socket", x86);
        uint clone = (uint)Libseccomp.ResolveName("clone", x86);

        Assert.Equal(SeccompAction.SECCOMP_RET_ALLOW, FilterMachine.Run(filter, x86.AuditArchitecture, personality, 8));
        Assert.Equal(Eperm, FilterMachine.Run(filter, x86.AuditArchitecture, personality, 0x40000));
        Assert.Equal(SeccompAction.SECCOMP_RET_ALLOW, FilterMachine.Run(filter, x86.AuditArchitecture, socket, 2));
        Assert.Equal(Eperm, FilterMachine.Run(filter, x86.AuditArchitecture, socket, 40));
        Assert.Equal(SeccompAction.SECCOMP_RET_ALLOW, FilterMachine.Run(filter, x86.AuditArchitecture, clone, 0x7e020000));
    }
}
