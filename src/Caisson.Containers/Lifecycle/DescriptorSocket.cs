using Caisson.Kernel;
using Caisson.Kernel.Sockets;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// A socket of the engine's that takes a descriptor: one message with it, and a name for it as text (runc's documents on
/// terminals and on --pidfd-socket).
/// </summary>
static class DescriptorSocket
{
    public static void SendTerminal(string path, Fd master) => Send("--console-socket", path, master, "/dev/ptmx");

    /// <param name="path">Null for none.</param>
    /// <param name="process">A pidfd.</param>
    public static void SendProcess(string? path, Fd process)
    {
        if (path is not null)
        {
            Send("--pidfd-socket", path, process, "pidfd");
        }
    }

    static void Send(string option, string path, Fd descriptor, string name)
    {
        Errno errno = UnixSocket.TryConnect(path, out Fd? connection);
        using Fd socket = errno == Errno.None
            ? connection!
            : throw new UserError($"{option} '{path}': {errno.Describe()}", "let a server listen at that path first");
        UnixSocket.SendDescriptor(socket, descriptor, name);
    }
}
