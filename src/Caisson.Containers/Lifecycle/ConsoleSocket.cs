using Caisson.Kernel;
using Caisson.Kernel.Sockets;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// The engine's socket that takes the terminal's master (runc's document on terminals): one message with the descriptor, and a
/// name for it as text.
/// </summary>
static class ConsoleSocket
{
    public static void Send(string path, Fd master)
    {
        Errno errno = UnixSocket.TryConnect(path, out Fd? connection);
        using Fd socket = errno == Errno.None
            ? connection!
            : throw new UserError($"--console-socket '{path}': {errno.Describe()}", "let a server listen at that path first");
        UnixSocket.SendDescriptor(socket, master, "/dev/ptmx");
    }
}
