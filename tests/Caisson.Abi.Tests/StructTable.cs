namespace Caisson.Abi.Tests;

/// <summary>How much of a C type a struct of ours stands for.</summary>
enum Extent
{
    /// <summary>All of it: sizes are equal.</summary>
    Whole,

    /// <summary>The beginning, or one member of a union: not larger than C's.</summary>
    Part,
}

/// <summary>A struct of ours and what the headers call it.</summary>
/// <param name="C">The C type.</param>
/// <param name="Extent">Whether sizes must be equal.</param>
/// <param name="Fields">Fields of ours that C names otherwise; an empty text where offsetof cannot ask (bit-fields).</param>
sealed record CStruct(string C, Extent Extent = Extent.Whole, IReadOnlyDictionary<string, string>? Fields = null)
{
    /// <summary>Every field lies in this member of the C type.</summary>
    public string Prefix { get; init; } = "";
}

/// <summary>Each struct of Caisson.Kernel and Caisson.Fuse that holds no reference stands on one of these two lists.</summary>
static class StructTable
{
    public static IReadOnlyDictionary<string, CStruct> Checked { get; } = new Dictionary<string, CStruct>
    {
        ["open_how"] = new("struct open_how"),
        ["statx_timestamp"] = new("struct statx_timestamp"),
        ["statx"] = new("struct statx"),
        ["Elf64_Phdr"] = new("Elf64_Phdr"),
        ["fsxattr"] = new("struct fsxattr"),
        ["fs_disk_quota"] = new("struct fs_disk_quota"),
        ["mount_attr"] = new("struct mount_attr"),
        ["clone_args"] = new("struct clone_args"),
        ["iovec"] = new("struct iovec"),
        ["pollfd"] = new("struct pollfd"),
        ["rlimit64"] = new("struct rlimit64"),
        ["timespec"] = new("struct __kernel_timespec"),
        ["msghdr"] = new("struct msghdr"),
        ["sysinfo"] = new("struct sysinfo"),
        ["termios"] = new("struct termios"),
        ["winsize"] = new("struct winsize"),
        ["sock_filter"] = new("struct sock_filter"),
        ["seccomp_data"] = new("struct seccomp_data", Fields: Enumerable.Range(0, 6).ToDictionary(i => $"arg{i}", i => $"args[{i}]")),
        ["seccomp_notif"] = new("struct seccomp_notif"),
        ["seccomp_notif_resp"] = new("struct seccomp_notif_resp"),
        ["itimerspec"] = new("struct itimerspec", Fields: new Dictionary<string, string>
        {
            ["interval_sec"] = "it_interval.tv_sec",
            ["interval_nsec"] = "it_interval.tv_nsec",
            ["value_sec"] = "it_value.tv_sec",
            ["value_nsec"] = "it_value.tv_nsec",
        }),
        ["scmp_arg_cmp"] = new("struct scmp_arg_cmp"),
        ["sched_attr"] = new("struct sched_attr", Extent.Part),
        ["cap_header"] = new("struct __user_cap_header_struct"),
        ["cap_data"] = new("struct __user_cap_data_struct"),
        ["bpf_insn"] = new("struct bpf_insn", Fields: new Dictionary<string, string> { ["regs"] = "" }),
        ["bpf_attr_prog_load"] = new("union bpf_attr", Extent.Part, new Dictionary<string, string>
        {
            ["prog_name_0"] = "prog_name[0]",
            ["prog_name_8"] = "prog_name[8]",
        }),
        ["bpf_attr_prog_attach"] = new("union bpf_attr", Extent.Part),
        ["bpf_attr_query"] = new("union bpf_attr", Extent.Part) { Prefix = "query." },
        ["bpf_attr_get_id"] = new("union bpf_attr", Extent.Part),
        ["fuse_in_header"] = new("struct fuse_in_header"),
        ["fuse_out_header"] = new("struct fuse_out_header"),
        ["fuse_attr"] = new("struct fuse_attr"),
        ["fuse_entry_out"] = new("struct fuse_entry_out"),
        ["fuse_attr_out"] = new("struct fuse_attr_out"),
        ["fuse_getattr_in"] = new("struct fuse_getattr_in"),
        ["fuse_setattr_in"] = new("struct fuse_setattr_in"),
        ["fuse_open_in"] = new("struct fuse_open_in"),
        ["fuse_open_out"] = new("struct fuse_open_out"),
        ["fuse_poll_in"] = new("struct fuse_poll_in"),
        ["fuse_poll_out"] = new("struct fuse_poll_out"),
        ["fuse_release_in"] = new("struct fuse_release_in"),
        ["fuse_read_in"] = new("struct fuse_read_in"),
        ["fuse_write_in"] = new("struct fuse_write_in"),
        ["fuse_write_out"] = new("struct fuse_write_out"),
        ["fuse_dirent"] = new("struct fuse_dirent"),
        ["fuse_kstatfs"] = new("struct fuse_kstatfs"),
        ["fuse_init_out"] = new("struct fuse_init_out"),
        ["fuse_notify_store_out"] = new("struct fuse_notify_store_out"),
        // What kernels before 5.17 have, which is all that is looked at.
        ["fuse_init_in"] = new("struct fuse_init_in", Extent.Part),
    };

    /// <summary>Structs that no header has, each with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Unchecked { get; } = new Dictionary<string, string>
    {
        ["InitOperation"] = "shared by our own parent and child only",
        ["InitHeader"] = "shared by our own parent and child only",
        ["FuseState"] = "shared by our own servers only",
        ["SnapshotState"] = "shared by our own servers only",
        ["Caller"] = "never leaves the process",
        ["Place"] = "never leaves the process",
        ["FileHandle"] = "a number of ours that the kernel keeps",
        ["spare_6"] = "a field of fuse_kstatfs, whose size is checked",
        ["unused_7"] = "a field of fuse_init_out, whose size is checked",
    };

    /// <summary>Layouts that the code writes as offsets and sizes, because one field is all it needs.</summary>
    public static IReadOnlyList<CAssertion> Written { get; } =
    [
        new("linux_dirent64: d_reclen at 16", "offsetof(struct dirent64, d_reclen) == 16 && sizeof(((struct dirent64 *)0)->d_reclen) == 2"),
        new("linux_dirent64: d_type at 18", "offsetof(struct dirent64, d_type) == 18"),
        new("linux_dirent64: d_name at 19", "offsetof(struct dirent64, d_name) == 19"),
        new("cmsghdr: level at 8", "offsetof(struct cmsghdr, cmsg_level) == 8 && sizeof(((struct cmsghdr *)0)->cmsg_len) == 8"),
        new("cmsghdr: type at 12", "offsetof(struct cmsghdr, cmsg_type) == 12"),
        new("cmsghdr: one descriptor", "CMSG_LEN(sizeof(int)) == 20 && CMSG_SPACE(sizeof(int)) == 24"),
        new("sockaddr_un: 110 bytes, the path at 2", "offsetof(struct sockaddr_un, sun_path) == 2 && sizeof(struct sockaddr_un) == 110"),
        new("signalfd_siginfo: 128 bytes, number first", "sizeof(struct signalfd_siginfo) == 128 && offsetof(struct signalfd_siginfo, ssi_signo) == 0"),
        new("sigset_t of the C library: 128 bytes", "sizeof(__sigset_t) == 128"),
        new("struct sigaction of the kernel: four words, handler first", "sizeof(struct sigaction) == 32 && offsetof(struct sigaction, sa_handler) == 0"),
        new("statfs: f_type first, in 256 bytes", "offsetof(struct statfs, f_type) == 0 && sizeof(((struct statfs *)0)->f_type) == 8 && sizeof(struct statfs) <= 256"),
        new("sock_fprog: u16, then the pointer at 8", "sizeof(struct sock_fprog) == 16 && sizeof(((struct sock_fprog *)0)->len) == 2 && offsetof(struct sock_fprog, filter) == 8"),
        new("eventfd: one 64-bit word", "sizeof(eventfd_t) == 8"),
        new("S_IFMT", "S_IFMT == 0xF000"),
    ];
}
