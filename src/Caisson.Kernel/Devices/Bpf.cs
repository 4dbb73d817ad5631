using System.Runtime.InteropServices;

namespace Caisson.Kernel.Devices;

/// <summary>bpf(2), as far as device filters of cgroups need it.</summary>
public static unsafe partial class Bpf
{
    public const int BPF_PROG_LOAD = 5;
    public const int BPF_PROG_ATTACH = 8;
    public const int BPF_PROG_DETACH = 9;
    public const int BPF_PROG_GET_FD_BY_ID = 13;
    public const int BPF_PROG_QUERY = 16;

    public const uint BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    public const uint BPF_CGROUP_DEVICE = 6;
    public const uint BPF_F_ALLOW_MULTI = 2;
    public const uint BPF_F_REPLACE = 4;

    // The most programs that one cgroup takes for one attach type (BPF_CGROUP_MAX_PROGS of the kernel).
    const int MostPrograms = 64;

    /// <summary>BPF_PROG_LOAD of a program for BPF_CGROUP_DEVICE.</summary>
    public static Errno TryLoadDeviceFilter(BpfProgram program, out Fd? loaded)
    {
        bpf_insn[] instructions = [.. program.Instructions];
        ReadOnlySpan<byte> license = "Apache-2.0\0"u8;
        ReadOnlySpan<byte> name = "caisson_devices\0"u8;
        fixed (bpf_insn* first = instructions)
        fixed (byte* licenseText = license)
        {
            bpf_attr_prog_load attributes = new()
            {
                prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
                insn_cnt = (uint)instructions.Length,
                insns = (ulong)first,
                license = (ulong)licenseText,
                prog_name_0 = MemoryMarshal.Read<ulong>(name),
                prog_name_8 = MemoryMarshal.Read<ulong>(name[8..]),
                expected_attach_type = BPF_CGROUP_DEVICE,
            };
            return Open(BPF_PROG_LOAD, &attributes, sizeof(bpf_attr_prog_load), out loaded);
        }
    }

    /// <summary>Adds a program to the cgroup's, or puts it atomically in the place of one (Linux 5.6).</summary>
    public static Errno TryAttach(Fd cgroup, Fd program, Fd? replaces)
    {
        bpf_attr_prog_attach attributes = new()
        {
            target_fd = (uint)cgroup.Number,
            attach_bpf_fd = (uint)program.Number,
            attach_type = BPF_CGROUP_DEVICE,
            attach_flags = BPF_F_ALLOW_MULTI | (replaces is null ? 0 : BPF_F_REPLACE),
            replace_bpf_fd = replaces is null ? 0 : (uint)replaces.Number,
        };
        Errno errno = Call(BPF_PROG_ATTACH, &attributes, sizeof(bpf_attr_prog_attach));
        // SAFETY: the numbers in the attributes stay open until the call is over.
        GC.KeepAlive(cgroup);
        GC.KeepAlive(program);
        GC.KeepAlive(replaces);
        return errno;
    }

    public static Errno TryDetach(Fd cgroup, Fd program)
    {
        bpf_attr_prog_attach attributes = new()
        {
            target_fd = (uint)cgroup.Number,
            attach_bpf_fd = (uint)program.Number,
            attach_type = BPF_CGROUP_DEVICE,
        };
        Errno errno = Call(BPF_PROG_DETACH, &attributes, sizeof(bpf_attr_prog_attach));
        // SAFETY: the numbers in the attributes stay open until the call is over.
        GC.KeepAlive(cgroup);
        GC.KeepAlive(program);
        return errno;
    }

    /// <summary>The ids of the device filters attached to the cgroup itself.</summary>
    public static Errno TryQuery(Fd cgroup, out uint[] ids)
    {
        uint* buffer = stackalloc uint[MostPrograms];
        bpf_attr_query attributes = new()
        {
            target_fd = (uint)cgroup.Number,
            attach_type = BPF_CGROUP_DEVICE,
            prog_ids = (ulong)buffer,
            prog_cnt = MostPrograms,
        };
        Errno errno = Call(BPF_PROG_QUERY, &attributes, sizeof(bpf_attr_query));
        // SAFETY: the number in the attributes stays open until the call is over.
        GC.KeepAlive(cgroup);
        ids = errno == Errno.None ? new Span<uint>(buffer, (int)attributes.prog_cnt).ToArray() : [];
        return errno;
    }

    public static Errno TryOpenById(uint id, out Fd? program)
    {
        bpf_attr_get_id attributes = new() { prog_id = id };
        return Open(BPF_PROG_GET_FD_BY_ID, &attributes, sizeof(bpf_attr_get_id), out program);
    }

    static Errno Call(int command, void* attributes, int size) =>
        bpf(SyscallNumbers.bpf, command, attributes, (uint)size) >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    static Errno Open(int command, void* attributes, int size, out Fd? opened)
    {
        // Descriptors of BPF objects are close-on-exec from the kernel.
        nint result;
        Errno errno;
        do
        {
            result = bpf(SyscallNumbers.bpf, command, attributes, (uint)size);
            errno = result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
        while (errno == Errno.EAGAIN);

        opened = result >= 0 ? new Fd((int)result) : null;
        return errno;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint bpf(nint number, int command, void* attributes, uint size);
}
