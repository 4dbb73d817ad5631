using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// Whoever listens at linux.seccomp.listenerPath is sent the listener of each process that loads the profile, with the
/// container's state (config-linux.md#containerprocessstate).
/// </summary>
static class SeccompAgent
{
    /// <param name="given">The profile.</param>
    /// <param name="listener">Of the process.</param>
    /// <param name="pid">Of the process, as the host counts.</param>
    /// <param name="state">The container's.</param>
    public static void Send(RawJson? given, Fd listener, int pid, OciState state)
    {
        LinuxSeccomp profile = OciJson.ParseSeccomp(given!.Value);
        string path = profile.ListenerPath!;
        Errno errno = UnixSocket.TryConnect(path, out Fd? connection);
        using Fd agent = errno == Errno.None
            ? connection!
            : throw new UserError(
                $"failed to connect with seccomp agent: /linux/seccomp/listenerPath '{path}': {errno.Describe()}",
                "let the agent listen there before the container is started");
        ContainerProcessState message = new() { Pid = pid, Metadata = profile.ListenerMetadata, State = state };
        UnixSocket.SendDescriptor(agent, listener, Encoding.UTF8.GetString(OciJson.Write(message)));
    }

    /// <summary>The listener of a process that has said that it has one, and waits.</summary>
    public static Fd Take(Fd process, int pid)
    {
        using Fd descriptors = OpenAt2.Open($"/proc/{pid}/fd", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        foreach (string number in Directories.List(descriptors))
        {
            // The kernel's name for it (init_listener in kernel/seccomp.c). There can be one in a process.
            if (Nodes.TryReadLink(descriptors, number) == "anon_inode:seccomp notify")
            {
                Errno errno = PidFd.TryGetDescriptor(process, int.Parse(number), out Fd? listener);
                return errno == Errno.None ? listener! : throw new KernelException(errno, "pidfd_getfd", "seccomp listener");
            }
        }

        throw new ContainerException("the container's process has lost its seccomp listener");
    }
}
