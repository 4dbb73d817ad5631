using Caisson.Kernel;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Monitoring;

/// <summary>
/// Starts a holder or a worker: this program, executed anew, in a session of its own, with one socket over which it gets
/// everything else. Nothing of the caller's stays open in it, least of all the pipes of an engine.
/// </summary>
public static class MonitorProcess
{
    const int F_SETFD = 2;
    const int AT_EMPTY_PATH = 0x1000;

    /// <summary>Returns its pid; the pidfd tells its end.</summary>
    /// <param name="executable">The binary, by descriptor: its name may lead to another one by now.</param>
    /// <param name="role">The hidden command.</param>
    /// <param name="socket">Its end.</param>
    /// <param name="log">Becomes its standard error.</param>
    /// <param name="process">Its pidfd.</param>
    public static int Start(Fd executable, string role, Fd socket, Fd log, out Fd process)
    {
        InitProgram program = new();
        program.Add("make the session", "setsid", SyscallNumbers.setsid);
        program.Add("change directory", "chdir", SyscallNumbers.chdir, "/");
        int nothing = program.Add("open /dev/null", "openat", SyscallNumbers.openat, -100, "/dev/null", InitArgument.Named(0x80002, "O_RDWR|O_CLOEXEC"));
        program.Add("use /dev/null", "dup3", SyscallNumbers.dup3, InitArgument.Result(nothing, "null"), 0, 0);
        program.Add("use /dev/null", "dup3", SyscallNumbers.dup3, InitArgument.Result(nothing, "null"), 1, 0);
        if (log.Number != 2)
        {
            program.Add("use the log", "dup3", SyscallNumbers.dup3, log.Number, 2, 0);
        }

        program.AddWith(
            "close other descriptors at exec", "close_range", SyscallNumbers.close_range, InitRule.Ignore, 3,
            InitArgument.Named(int.MaxValue, "max"), InitArgument.Named(4, "CLOSE_RANGE_CLOEXEC"));
        program.Add("keep the socket", "fcntl", SyscallNumbers.fcntl, socket.Number, InitArgument.Named(F_SETFD, "F_SETFD"), 0);
        program.Add("unblock signals", "rt_sigprocmask", SyscallNumbers.rt_sigprocmask, 2, InitArgument.Bytes(new byte[8], "none"), 0, 8);
        program.Add(
            "exec", "execveat", SyscallNumbers.execveat, executable.Number, "", InitArgument.Array(["caisson", role, $"{socket.Number}"], "args"),
            InitArgument.Array([], "env"), InitArgument.Named(AT_EMPTY_PATH, "AT_EMPTY_PATH"));
        using CompiledProgram compiled = new(program);
        int pid = compiled.Start(0, cgroup: null, out process);
        GC.KeepAlive(executable);
        GC.KeepAlive(socket);
        GC.KeepAlive(log);
        return pid;
    }
}
