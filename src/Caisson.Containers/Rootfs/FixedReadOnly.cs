using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// Mounts that a container's root may take away but not make writable. The kernel locks the flags of what is copied into a mount
/// namespace of a less privileged user namespace, and together with them the mount to its place; a copy of that single mount,
/// made there, keeps the first and loses the second (lock_mnt_tree and clone_mnt in fs/namespace.c).
/// </summary>
static class FixedReadOnly
{
    /// <summary>Such copies of detached mounts, which are used up. The working directory changes.</summary>
    public static Fd[] Take(IReadOnlyList<Fd> mounts, Fd userNamespace)
    {
        using Fd place = Staging.OpenPlace();
        Staging.Enter(place);
        InitProgram program = new();
        program.Add("join the user namespace", "setns", SyscallNumbers.setns, userNamespace.Number, (int)NamespaceKind.CLONE_NEWUSER);
        program.Add("copy the mounts", "unshare", SyscallNumbers.unshare, (int)NamespaceKind.CLONE_NEWNS);
        int[] steps = new int[mounts.Count];
        for (int i = 0; i < mounts.Count; i++)
        {
            string name = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Directories.TryMake(Fd.CurrentDirectory, name, 0x1C0 /* 0700 */);
            using Fd target = OpenAt2.Open(name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            MountTree.Attach(mounts[i], target, name);
            steps[i] = program.Add("copy a mount", "open_tree", SyscallNumbers.open_tree, Fd.CurrentDirectory.Number, name, (nint)MountTree.CloneFlags);
        }

        Fd[] copies = VisitingChild.Run(program, NamespaceKind.None, (_, process, results) => Array.ConvertAll(steps, step =>
        {
            Errno errno = PidFd.TryGetDescriptor(process, (int)results.ResultOf(step), out Fd? copy);
            return errno == Errno.None ? copy! : throw new KernelException(errno, "pidfd_getfd");
        }));
        Mount.Detach(".");
        return copies;
    }
}
