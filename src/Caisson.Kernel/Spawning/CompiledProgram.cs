using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Kernel.Spawning;

/// <summary>
/// An <see cref="InitProgram"/> laid out in memory that the child shares, so that results and the failed step can be read
/// here without a message. The memory must outlive the child's use of it; a child that became another program has left it.
/// </summary>
public sealed unsafe partial class CompiledProgram : IDisposable
{
    const int PROT_READ_WRITE = 3;
    const int MAP_SHARED_ANONYMOUS = 0x21;

    static int s_collections;

    readonly InitProgram _program;
    readonly nuint _size;
    InitHeader* _header;

    public CompiledProgram(InitProgram program)
    {
        _program = program;
        _size = (nuint)Measure(program);
        void* memory = mmap(null, _size, PROT_READ_WRITE, MAP_SHARED_ANONYMOUS, -1, 0);
        if ((nint)memory == -1)
        {
            throw KernelException.Last("mmap", "init program");
        }

        _header = (InitHeader*)memory;
        Layout();
    }

    /// <summary>What a step returned in the child.</summary>
    public nint ResultOf(int step) => _header->Operations[step].Result;

    /// <summary>The failure that ended the child, or null where it said none (killed, or still running).</summary>
    public InitFailure? Failure => _header->FailedStep < 0
        ? null
        : new InitFailure(_program.Steps[_header->FailedStep].Purpose, (Errno)_header->FailedErrno);

    /// <summary>Clones a child into the given namespaces that runs the program; returns its pid and pidfd.</summary>
    /// <param name="flags">CLONE_* flags besides CLONE_PIDFD, which is always given.</param>
    /// <param name="cgroup">A cgroup v2 directory to be born in (CLONE_INTO_CGROUP), or null.</param>
    public int Start(ulong flags, Fd? cgroup, out Fd process)
    {
        const ulong CLONE_PIDFD = 0x1000;
        const ulong CLONE_INTO_CGROUP = 0x200000000;
        const ulong SIGCHLD = 17;
        int pidfd = -1;
        clone_args arguments = new()
        {
            flags = flags | CLONE_PIDFD | (cgroup is null ? 0 : CLONE_INTO_CGROUP),
            pidfd = (ulong)&pidfd,
            exit_signal = SIGCHLD,
            cgroup = (ulong)(cgroup?.Number ?? 0),
        };
        AwaitFinalizers();
        nint result = ChildWindow.Clone(&arguments, _header);
        GC.KeepAlive(cgroup);
        if (result < 0)
        {
            throw new KernelException((Errno)(-result), "clone3", $"flags 0x{flags:x}");
        }

        process = new Fd(pidfd);
        return (int)result;
    }

    // A child that is cloned while another thread stops this one for a collection inherits the order and obeys it for ever: the
    // compiler looks for it after each raw call. The finalizers' thread is the only other one, and works after a collection only.
    static void AwaitFinalizers()
    {
        while (s_collections != GC.CollectionCount(0))
        {
            s_collections = GC.CollectionCount(0);
            GC.WaitForPendingFinalizers();
        }
    }

    public void Dispose()
    {
        if (_header != null)
        {
            munmap(_header, _size);
            _header = null;
        }
    }

    static int Measure(InitProgram program)
    {
        int size = sizeof(InitHeader) + (program.Steps.Count * sizeof(InitOperation));
        foreach (InitStep step in program.Steps)
        {
            size += Align(Encoding.UTF8.GetMaxByteCount(step.Purpose.Length));
            foreach (InitArgument argument in step.Arguments)
            {
                size += Align(argument.Memory?.Length ?? 0);
                foreach (string text in argument.Strings ?? [])
                {
                    size += Align(Encoding.UTF8.GetByteCount(text) + 1) + sizeof(nint);
                }

                size += sizeof(nint);
            }
        }

        return size;
    }

    void Layout()
    {
        byte* free = (byte*)_header + sizeof(InitHeader);
        _header->Operations = (InitOperation*)free;
        _header->Count = _program.Steps.Count;
        _header->FailedStep = -1;
        _header->ReportTo = _program.ReportTo;
        free += _program.Steps.Count * sizeof(InitOperation);
        for (int i = 0; i < _program.Steps.Count; i++)
        {
            InitStep step = _program.Steps[i];
            InitOperation* operation = _header->Operations + i;
            operation->Number = step.Number;
            operation->Rule = step.Rule;
            operation->Expected = step.Expected;
            operation->Candidates = CandidatesFrom(i);
            byte[] message = Encoding.UTF8.GetBytes(step.Purpose);
            operation->Message = Copy(message, ref free);
            operation->MessageLength = message.Length;
            for (int n = 0; n < step.Arguments.Count; n++)
            {
                operation->Arguments[n] = Place(step.Arguments[n], ref free);
                operation->ResultArguments |= step.Arguments[n].ResultOf >= 0 ? 1 << n : 0;
            }
        }
    }

    // How far a successful candidate jumps: over itself and the candidates after it.
    int CandidatesFrom(int index)
    {
        int count = 0;
        while (index + count < _program.Steps.Count && _program.Steps[index + count].Rule.HasFlag(InitRule.SkipCandidates))
        {
            count++;
        }

        return count;
    }

    static long Place(InitArgument argument, ref byte* free)
    {
        if (argument.ResultOf >= 0)
        {
            return argument.ResultOf;
        }

        if (argument.Memory is not null)
        {
            byte* memory = Copy(argument.Memory, ref free);
            if (argument.PointsBehindItself)
            {
                *(byte**)(memory + sizeof(nint)) = memory + (2 * sizeof(nint));
            }

            return (long)memory;
        }

        if (argument.Strings is null)
        {
            return argument.Number;
        }

        nint* array = (nint*)free;
        free += (argument.Strings.Length + 1) * sizeof(nint);
        for (int i = 0; i < argument.Strings.Length; i++)
        {
            array[i] = (nint)Copy(Encoding.UTF8.GetBytes(argument.Strings[i] + '\0'), ref free);
        }

        return (long)array;
    }

    static byte* Copy(byte[] bytes, ref byte* free)
    {
        byte* start = free;
        bytes.CopyTo(new Span<byte>(start, bytes.Length));
        free += Align(bytes.Length);
        return start;
    }

    static int Align(int size) => (size + 7) & ~7;

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint size, int protection, int flags, int fd, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint size);
}
