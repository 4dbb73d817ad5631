using Caisson.Containers.Ids;
using Caisson.Containers.Processes;
using Caisson.Containers.Rootfs;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Rootless;

/// <summary>The ids of a system container that an ordinary user starts: the user is root inside, subordinate ids follow.</summary>
public static class RootlessIds
{
    public static IdMaps Read()
    {
        uint uid = Credentials.EffectiveUid;
        string? name = Passwd.NameOf(FileText.TryRead("/etc/passwd") ?? "", uid);
        return new IdMaps(
            Plan(uid, SubIdEntry.Parse(FileText.TryRead("/etc/subuid") ?? ""), name, uid),
            Plan(Credentials.EffectiveGid, SubIdEntry.Parse(FileText.TryRead("/etc/subgid") ?? ""), name, uid));
    }

    /// <param name="own">What becomes 0.</param>
    /// <param name="entries">Of /etc/subuid or /etc/subgid.</param>
    /// <param name="name">The user's, if it has one.</param>
    /// <param name="uid">The user's; an entry may be for that, too.</param>
    public static IReadOnlyList<LinuxIdMapping> Plan(uint own, IReadOnlyList<SubIdEntry> entries, string? name, uint uid)
    {
        List<LinuxIdMapping> mappings = [new LinuxIdMapping(0, own, 1)];
        uint next = 1;
        foreach (SubIdEntry entry in entries.Where(entry => entry.Name == name || entry.Name == uid.ToString()))
        {
            mappings.Add(new LinuxIdMapping(next, entry.Range.Start, entry.Range.Size));
            next += entry.Range.Size;
        }

        return mappings;
    }
}
