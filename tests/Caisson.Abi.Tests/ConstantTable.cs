namespace Caisson.Abi.Tests;

/// <summary>What <see cref="ConstantTests"/> must know about constants besides their names.</summary>
static class ConstantTable
{
    /// <summary>Names in the kernel's spelling that stand for several of the headers', or that C spells otherwise.</summary>
    public static IReadOnlyDictionary<string, string> Expressions { get; } = new Dictionary<string, string>
    {
        ["SOCK_STREAM_CLOEXEC"] = "SOCK_STREAM | SOCK_CLOEXEC",
        ["SOCK_SEQPACKET_CLOEXEC"] = "SOCK_SEQPACKET | SOCK_CLOEXEC",
        ["O_RDWR_NOCTTY_CLOEXEC"] = "O_RDWR | O_NOCTTY | O_CLOEXEC",
        ["PROT_READ_WRITE"] = "PROT_READ | PROT_WRITE",
        ["MAP_SHARED_ANONYMOUS"] = "MAP_SHARED | MAP_ANONYMOUS",
        ["STATX_BASIC_STATS_AND_MNT_ID"] = "STATX_BASIC_STATS | STATX_MNT_ID",

        // Classic BPF, of seccomp.
        ["BPF_LD_W_ABS"] = "BPF_LD | BPF_W | BPF_ABS",
        ["BPF_JMP_JA"] = "BPF_JMP | BPF_JA",
        ["BPF_JMP_JGT_K"] = "BPF_JMP | BPF_JGT | BPF_K",
        ["BPF_JMP_JGE_K"] = "BPF_JMP | BPF_JGE | BPF_K",
        ["BPF_JMP_JSET_K"] = "BPF_JMP | BPF_JSET | BPF_K",
        ["BPF_RET_K"] = "BPF_RET | BPF_K",

        // Extended BPF, of device filters; the first is in both.
        ["BPF_JMP_JEQ_K"] = "BPF_JMP | BPF_JEQ | BPF_K",
        ["BPF_JMP_JNE_K"] = "BPF_JMP | BPF_JNE | BPF_K",
        ["BPF_JMP_EXIT"] = "BPF_JMP | BPF_EXIT",
        ["BPF_LDX_MEM_W"] = "BPF_LDX | BPF_MEM | BPF_W",
        ["BPF_ALU_AND_K"] = "BPF_ALU | BPF_AND | BPF_K",
        ["BPF_ALU_RSH_K"] = "BPF_ALU | BPF_RSH | BPF_K",
        ["BPF_ALU_MOV_K"] = "BPF_ALU | BPF_MOV | BPF_K",
        ["BPF_ALU_MOV_X"] = "BPF_ALU | BPF_MOV | BPF_X",
    };

    /// <summary>Constants with names of ours (<c>Type.Name</c>) whose values are the headers'.</summary>
    public static IReadOnlyDictionary<string, string> OurNames { get; } = new Dictionary<string, string>
    {
        ["FileKind.Fifo"] = "S_IFIFO",
        ["FileKind.CharacterDevice"] = "S_IFCHR",
        ["FileKind.Directory"] = "S_IFDIR",
        ["FileKind.BlockDevice"] = "S_IFBLK",
        ["FileKind.Regular"] = "S_IFREG",
        ["FileKind.SymbolicLink"] = "S_IFLNK",
        ["FileKind.Socket"] = "S_IFSOCK",
        ["TreeCopyCalls.NoAtime"] = "O_NOATIME",
        ["SeccompFilter.MaxInstructions"] = "BPF_MAXINSNS",
        ["SeccompFilter.InstructionSize"] = "sizeof(struct sock_filter)",
        ["sock_filter.NumberOffset"] = "offsetof(struct seccomp_data, nr)",
        ["sock_filter.ArchitectureOffset"] = "offsetof(struct seccomp_data, arch)",
        ["sock_filter.ArgumentsOffset"] = "offsetof(struct seccomp_data, args)",
        ["Libseccomp.UnknownSyscall"] = "__NR_SCMP_ERROR",
        ["SeccompArchitecture.X32SyscallBit"] = "__X32_SYSCALL_BIT",
        // glibc's _NSIG is one more than the kernel's.
        ["Signals.Last"] = "_NSIG - 1",
        ["ChildWindow.SignalSetSize"] = "(_NSIG - 1) / 8",
    };

    /// <summary>Names in the kernel's spelling that the installed headers cannot be asked about, each with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Unchecked { get; } = new Dictionary<string, string>
    {
        ["SECCOMP_IOCTL_NOTIF_SET_FLAGS"] = "since Linux 6.6, newer than Debian 12's headers",
        ["SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP"] = "since Linux 6.6, newer than Debian 12's headers",
    };

    /// <summary>
    /// The values in the source are x86-64's, and <c>OpenAt2.Native</c> exchanges them: nothing to compare with on arm64.
    /// </summary>
    public static IReadOnlySet<string> OnlyX64 { get; } =
        new HashSet<string> { "O_DIRECTORY", "O_NOFOLLOW", "__X32_SYSCALL_BIT" };
}
