using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Systemd;

/// <summary>
/// A process that does nothing: systemd starts no scope without one in it, and the container's own is cloned into the cgroup,
/// which therefore has to be there first. It goes as soon as the other one is in.
/// </summary>
sealed class Placeholder : IDisposable
{
    readonly SocketPair _socket = SocketPair.Create();
    readonly Fd _process;
    bool _isDisposed;

    public Placeholder()
    {
        InitProgram program = new();
        program.Add("close the parent's socket", "close", SyscallNumbers.close, _socket.Ours.Number);
        program.WaitFor("the end", _socket.Childs.Number);
        using CompiledProgram compiled = new(program);
        Pid = compiled.Start(0, cgroup: null, out _process);
        _socket.Childs.Dispose();
    }

    public int Pid { get; }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        // The container's first process has our end of the socket for a while, too.
        PidFd.TrySignal(_process, Signals.SIGKILL);
        ChildExit.Wait(Pid);
        _socket.Dispose();
        _process.Dispose();
    }
}
