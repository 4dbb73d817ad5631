using Caisson.Containers.Cgroups;
using Caisson.Containers.Hooks;
using Caisson.Containers.Init;
using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Checkpoint;

/// <summary>
/// A CRIU of our own, started as <c>criu swrk 3</c>, and the conversation with it over the socket that it has as descriptor 3.
/// Disposing closes the socket, upon which it undoes what it has begun, and waits for its end.
/// </summary>
sealed class CriuProcess : IDisposable
{
    /// <summary>The first of the descriptors that it inherits besides its streams.</summary>
    public const int FirstInherited = 4;

    // 3.16: descriptors of namespaces, --lsm-profile, the step status-ready, cgroup v2's freezer.
    const int OldestVersion = 31600;
    const string Name = "criu";
    const int LongestMessage = 40 * 1024;
    const int Above = 64;

    readonly Fd _socket;
    readonly int _pid;

    CriuProcess(Fd socket, int pid)
    {
        _socket = socket;
        _pid = pid;
    }

    public int Pid => _pid;

    /// <summary>The path of the one that is used.</summary>
    public static string? Find() => Executable.Find(Executable.InOwnPath(Name));

    /// <summary>Ends a command before it makes anything where there is no criu.</summary>
    public static void RequireProgram()
    {
        if (Find() is null)
        {
            throw new UserError("criu is not installed: no program of that name in PATH", "apt-get install criu");
        }
    }

    /// <param name="streams">Its descriptors 0 to 2.</param>
    /// <param name="inherited">Those from <see cref="FirstInherited"/> on.</param>
    /// <param name="cgroup">That it is to be in, and what it restores; null for ours.</param>
    public static CriuProcess Start(ReadOnlySpan<int> streams, IReadOnlyList<Fd> inherited, Cgroup? cgroup)
    {
        using SocketPair pair = SocketPair.Create();
        // Out of the way of the numbers that they get.
        List<Fd> moved = [];
        foreach (int number in (ReadOnlySpan<int>)[.. streams, pair.Childs.Number, .. inherited.Select(one => one.Number)])
        {
            moved.Add(Fd.Duplicate(number, Above));
        }

        IReadOnlyList<Fd> tasks = cgroup?.OpenTasks() ?? [];
        using Fd? unified = cgroup?.OpenForClone();
        using CompiledProgram program = new(Plan(moved, tasks));
        int pid = program.Start(0, unified, out Fd process);
        process.Dispose();
        foreach (Fd open in (IEnumerable<Fd>)[.. moved, .. tasks])
        {
            open.Dispose();
        }

        CriuProcess criu = new(Fd.Duplicate(pair.Ours.Number), pid);
        pair.Childs.Dispose();
        try
        {
            criu.RequireVersion(program);
            return criu;
        }
        catch
        {
            criu.Dispose();
            throw;
        }
    }

    /// <summary>Asks for one thing, and sees to every step that CRIU tells of on the way; its failure is in the answer.</summary>
    /// <param name="request">See <see cref="CriuOptions"/>.</param>
    /// <param name="atStep">Gets the step and the descriptors that came with it, which are closed afterwards.</param>
    public CriuAnswer Ask(byte[] request, Action<CriuAnswer, IReadOnlyList<Fd>> atStep)
    {
        Send(request);
        while (true)
        {
            List<Fd> descriptors = [];
            CriuAnswer answer = Receive(descriptors);
            if (answer.Task != CriuTask.Notify || !answer.Success)
            {
                return answer;
            }

            bool success = false;
            try
            {
                atStep(answer, descriptors);
                success = true;
            }
            finally
            {
                descriptors.ForEach(one => one.Dispose());
                PacketSocket.TrySend(_socket, CriuOptions.Acknowledge(success));
            }
        }
    }

    public CriuAnswer Ask(CriuTask question) => Ask(CriuOptions.Question(question), static (_, _) => { });

    public void Dispose()
    {
        if (!_socket.IsClosed)
        {
            _socket.Dispose();
            ChildExit.Wait(_pid);
        }
    }

    static InitProgram Plan(List<Fd> moved, IReadOnlyList<Fd> tasks)
    {
        InitProgram program = new();
        foreach (Fd file in tasks)
        {
            program.Add("enter the cgroup", "write", SyscallNumbers.write, file.Number, "0", 1);
        }

        for (int i = 0; i < moved.Count; i++)
        {
            program.Add("give criu its descriptors", "dup3", SyscallNumbers.dup3, moved[i].Number, i, 0);
        }

        program.CloseFrom(moved.Count);
        HookRunner.PlanSignals(program);
        IReadOnlyList<string> candidates = Executable.InOwnPath(Name);
        for (int i = 0; i < candidates.Count; i++)
        {
            program.AddWith(
                "execute criu", "execve", SyscallNumbers.execve, i + 1 < candidates.Count ? InitRule.TryNext : InitRule.Fail, candidates[i],
                InitArgument.Array(["criu", "swrk", "3"], "args"), InitArgument.Array(HookRunner.OwnEnvironment(), "env"));
        }

        return program;
    }

    void RequireVersion(CompiledProgram program)
    {
        int version = 0;
        try
        {
            version = Ask(CriuTask.Version).Version;
        }
        catch (ContainerException)
        {
            if (program.Failure is { } failure)
            {
                throw new ContainerException(failure.Purpose, new KernelErrnoException(failure.Errno));
            }

            throw;
        }

        if (version < OldestVersion)
        {
            throw new UserError(
                $"CRIU version {version} must be {OldestVersion} or higher", "install a criu of version 3.16 or later before others in PATH");
        }
    }

    void Send(byte[] message)
    {
        Errno errno = PacketSocket.TrySend(_socket, message);
        if (errno != Errno.None)
        {
            throw new ContainerException("criu has ended", new KernelErrnoException(errno));
        }
    }

    CriuAnswer Receive(List<Fd> descriptors)
    {
        byte[] message = new byte[LongestMessage];
        int length = PacketSocket.Receive(_socket, message, descriptors);
        return length > 0 ? CriuAnswer.Parse(message.AsSpan(0, length)) : throw new ContainerException("criu has ended without an answer");
    }
}
