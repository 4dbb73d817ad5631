using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Rootfs;

/// <summary>A user namespace made only for its mappings, as mount_setattr(2) wants them; or read from one that exists.</summary>
static class MappingNamespace
{
    public static Fd Create(string uidMap, string gidMap) => WithProcess(
        new InitProgram(), NamespaceKind.CLONE_NEWUSER, (pid) =>
        {
            FileText.Write($"/proc/{pid}/uid_map", uidMap);
            FileText.Write($"/proc/{pid}/gid_map", gidMap);
            return Namespace.Open(pid, "user");
        });

    /// <summary>The mappings of an existing user namespace, seen from ours.</summary>
    public static IdMaps Read(Fd userNamespace)
    {
        InitProgram program = new();
        program.Add("join the user namespace", "setns", SyscallNumbers.setns, userNamespace.Number, (int)NamespaceKind.CLONE_NEWUSER);
        return WithProcess(program, NamespaceKind.None, pid => new IdMaps(
            IdMapText.Parse(FileText.Read($"/proc/{pid}/uid_map")), IdMapText.Parse(FileText.Read($"/proc/{pid}/gid_map"))));
    }

    // A child that stands in the namespace until we have looked; our end of the socket closing ends it.
    static T WithProcess<T>(InitProgram program, NamespaceKind kinds, Func<int, T> look)
    {
        using SocketPair socket = SocketPair.Create();
        program.Add("close the parent's socket", "close", SyscallNumbers.close, socket.Ours.Number);
        program.Tell("the namespace is entered", socket.Childs.Number);
        program.WaitFor("the parent's look", socket.Childs.Number);
        using CompiledProgram compiled = new(program);
        int pid = compiled.Start((ulong)kinds, cgroup: null, out Fd process);
        socket.Childs.Dispose();
        try
        {
            return socket.Wait() || compiled.Failure is not { } failure
                ? look(pid)
                : throw new KernelException(failure.Errno, failure.Purpose);
        }
        finally
        {
            socket.Dispose();
            ChildExit.Wait(pid);
            process.Dispose();
        }
    }
}
