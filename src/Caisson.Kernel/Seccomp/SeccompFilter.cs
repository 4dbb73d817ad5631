using System.Runtime.InteropServices;

namespace Caisson.Kernel.Seccomp;

/// <summary>A filter as seccomp(2) takes it: a child makes the raw call with these instructions and these flags.</summary>
public sealed partial class SeccompFilter
{
    /// <summary>BPF_MAXINSNS of linux/bpf_common.h: what the kernel accepts in one filter.</summary>
    public const int MaxInstructions = 4096;

    /// <summary>Size of struct sock_filter.</summary>
    public const int InstructionSize = 8;

    public const int SECCOMP_SET_MODE_FILTER = 1;

    public SeccompFilter(byte[] instructions, SeccompFilterFlags flags)
    {
        if (!IsProgramSize(instructions.Length))
        {
            throw new ArgumentException($"{instructions.Length} bytes are no filter", nameof(instructions));
        }

        Instructions = instructions;
        Flags = flags;
    }

    /// <summary>An array of struct sock_filter.</summary>
    public byte[] Instructions { get; }

    public SeccompFilterFlags Flags { get; }

    /// <summary>seccomp(2) will return a listener's descriptor that somebody has to serve.</summary>
    public bool HasListener => Flags.HasFlag(SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER);

    public static bool IsProgramSize(int bytes) =>
        bytes > 0 && bytes % InstructionSize == 0 && bytes / InstructionSize <= MaxInstructions;

    /// <summary>Whether the running kernel knows a flag.</summary>
    public static bool KernelKnows(SeccompFilterFlags flag)
    {
        // Flags that must come with the listener are EINVAL without it, and the listener's own is never EINVAL.
        if (flag == SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
        {
            flag |= SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER;
        }

        // A null filter can never be loaded: EFAULT says that the flags, which the kernel looks at first, were good.
        return seccomp(SyscallNumbers.seccomp, SECCOMP_SET_MODE_FILTER, (nint)flag, 0) != 0
            && Marshal.GetLastPInvokeError() == (int)Errno.EFAULT;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint seccomp(nint number, nint operation, nint flags, nint program);
}
