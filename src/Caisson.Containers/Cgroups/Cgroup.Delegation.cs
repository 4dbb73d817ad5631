using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>
    /// Gives the cgroup to the container's root, as the ids are on the host. To be called before a process is in it; on
    /// version 2 a leaf for init is made, see <see cref="OpenInitLeaf"/>.
    /// </summary>
    public void Delegate(uint hostUid, uint hostGid)
    {
        string? files = Unified is null ? null : FileText.TryRead("/sys/kernel/cgroup/delegate");
        foreach (CgroupDirectory directory in _directories)
        {
            string? leaf = Mode == CgroupMode.Unified ? InitLeaf : null;
            if (leaf is not null)
            {
                Directories.TryMake(directory.Handle, leaf, DirectoryMode);
            }

            foreach (string path in DelegationPlanner.Plan(directory.IsUnified, files, leaf))
            {
                Give(directory, path, hostUid, hostGid);
            }
        }

        State = State with { IsDelegated = true };
    }

    /// <summary>
    /// Version 2: lets children of the cgroup have all controllers that it has itself, so that an inner systemd or engine
    /// finds them. Possible when no process is in the cgroup itself, thus once init is in its leaf.
    /// </summary>
    public void EnableControllersInside()
    {
        if (State.IsDelegated && Mode == CgroupMode.Unified)
        {
            Enable(Unified!.Handle, "cgroup.subtree_control", Words(Unified.TryRead("cgroup.controllers") ?? ""));
        }
    }

    static void Give(CgroupDirectory directory, string path, uint uid, uint gid)
    {
        if (path.Length == 0)
        {
            Nodes.ChangeOwner(directory.Handle, uid, gid);
            return;
        }

        try
        {
            Nodes.ChangeOwner(directory.Handle, path, uid, gid);
        }
        catch (KernelException missing) when (missing.Errno == Errno.ENOENT)
        {
            // The list names files of all controllers; a cgroup has those of the enabled ones.
        }
    }
}
