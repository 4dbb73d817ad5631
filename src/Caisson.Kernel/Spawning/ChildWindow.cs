using System.Runtime.InteropServices;

namespace Caisson.Kernel.Spawning;

/// <summary>One call of a compiled program, in memory that parent and child share.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct InitOperation
{
    public nint Number;
    public fixed long Arguments[6];
    public nint Result;
    public byte* Message;
    public int MessageLength;
    public InitRule Rule;
    public int Expected;
    public int Candidates;

    /// <summary>Bit n set: argument n is the index of the step whose result it takes.</summary>
    public int ResultArguments;
}

/// <summary>The head of a compiled program, and where its failure is told.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct InitHeader
{
    public int Count;
    public int FailedStep;
    public int FailedErrno;
    public int ReportTo;
    public InitOperation* Operations;
}

/// <summary>
/// The only code that runs between clone3 and execve. The child has one thread and a copy of a runtime whose other threads
/// are gone: no allocation, no exception, no lambda, no static constructor, no virtual or generic call, never a return.
/// Everything it touches was laid out by <see cref="CompiledProgram"/>. Raw calls throughout: glibc's set*id would wait for
/// threads that do not exist here (nptl(7)).
/// </summary>
static unsafe partial class ChildWindow
{
    const nint SIG_SETMASK = 2;
    const nint SignalSetSize = 8;
    const int EINTR = 4;
    const int ENOENT = 2;
    const int EACCES = 13;
    const int ENOTDIR = 20;
    const int EPIPE = 32;

    /// <summary>Clones a child that runs the program; the parent gets its pid or -errno.</summary>
    public static nint Clone(clone_args* arguments, InitHeader* program)
    {
        // Blocked around the clone, so that no handler of the runtime ever runs in the child; the program unblocks them last.
        ulong all = ulong.MaxValue;
        ulong before = 0;
        Raw(SyscallNumbers.rt_sigprocmask, SIG_SETMASK, (nint)(&all), (nint)(&before), SignalSetSize, 0, 0);
        nint pid = Raw(SyscallNumbers.clone3, (nint)arguments, sizeof(clone_args), 0, 0, 0, 0);
        if (pid == 0)
        {
            Run(program);
        }

        nint result = pid < 0 ? -*__errno_location() : pid;
        Raw(SyscallNumbers.rt_sigprocmask, SIG_SETMASK, (nint)(&before), 0, SignalSetSize, 0, 0);
        return result;
    }

    static void Run(InitHeader* program)
    {
        InitOperation* operations = program->Operations;
        int at = 0;
        while (at < program->Count)
        {
            InitOperation* operation = operations + at;
            for (int n = 0; n < 6; n++)
            {
                if ((operation->ResultArguments & (1 << n)) != 0)
                {
                    operation->Arguments[n] = operations[operation->Arguments[n]].Result;
                }
            }

            nint result;
            int errno = 0;
            do
            {
                result = Raw(
                    operation->Number,
                    (nint)operation->Arguments[0],
                    (nint)operation->Arguments[1],
                    (nint)operation->Arguments[2],
                    (nint)operation->Arguments[3],
                    (nint)operation->Arguments[4],
                    (nint)operation->Arguments[5]);
                errno = result == -1 ? *__errno_location() : 0;
            }
            while (errno == EINTR);

            // Both sides of a clone come by here, in memory that they share: the parent's pid of the child is the result.
            if (result != 0 || (operation->Rule & InitRule.ExitIfPositive) == 0)
            {
                operation->Result = result;
            }

            if ((operation->Rule & InitRule.Expect) != 0 && errno == 0 && result != operation->Expected)
            {
                errno = EPIPE;
            }

            if (errno == 0)
            {
                if (((operation->Rule & InitRule.ExitIfPositive) != 0 && result > 0)
                    || ((operation->Rule & InitRule.ExitIfZero) != 0 && result == 0))
                {
                    Exit(0);
                }

                at += (operation->Rule & InitRule.SkipCandidates) != 0 ? operation->Candidates : 1;
                continue;
            }

            if ((operation->Rule & InitRule.Ignore) != 0
                || ((operation->Rule & InitRule.TryNext) != 0 && errno is ENOENT or EACCES or ENOTDIR))
            {
                at++;
                continue;
            }

            Report(program, at, errno);
        }

        Exit(0);
    }

    static void Report(InitHeader* program, int step, int errno)
    {
        program->FailedErrno = errno;
        program->FailedStep = step;
        if (program->ReportTo >= 0 && program->ReportTo < step)
        {
            // To `start`, which is another process and has no share in this memory: the errno, then the step's words.
            InitOperation* failed = program->Operations + step;
            iovec* parts = stackalloc iovec[2];
            parts[0].iov_base = (byte*)&program->FailedErrno;
            parts[0].iov_len = sizeof(int);
            parts[1].iov_base = failed->Message;
            parts[1].iov_len = (nuint)failed->MessageLength;
            Raw(SyscallNumbers.writev, program->Operations[program->ReportTo].Result, (nint)parts, 2, 0, 0, 0);
        }

        Exit(255);
    }

    static void Exit(int code)
    {
        while (true)
        {
            Raw(SyscallNumbers.exit_group, code, 0, 0, 0, 0, 0);
        }
    }

    // SAFETY: no GC transition, so no frame to unwind and no poll that could wait for a collection; the parent has one managed
    // thread, so none is pending when the child is copied (docs/decisions/0002-the-child-window.md).
    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial nint Raw(nint number, nint a0, nint a1, nint a2, nint a3, nint a4, nint a5);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int* __errno_location();
}
