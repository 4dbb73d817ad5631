using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Rootfs;

/// <summary>A user namespace made only for its mappings, as mount_setattr(2) wants them; or read from one that exists.</summary>
static class MappingNamespace
{
    public static Fd Create(string uidMap, string gidMap) => VisitingChild.Run(
        new InitProgram(), NamespaceKind.CLONE_NEWUSER, (pid, _, _) =>
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
        return VisitingChild.Run(program, NamespaceKind.None, (pid, _, _) => new IdMaps(
            IdMapText.Parse(FileText.Read($"/proc/{pid}/uid_map")), IdMapText.Parse(FileText.Read($"/proc/{pid}/gid_map"))));
    }
}
