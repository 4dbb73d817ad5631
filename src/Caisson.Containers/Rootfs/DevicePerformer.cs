using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// Real device nodes and the links of /dev. The tmpfs belongs to the initial user namespace, so nodes on it work; their owner
/// is the container's root, or whom the spec names, and not nobody as with bind mounts of the host's nodes.
/// </summary>
static class DevicePerformer
{
    /// <param name="plan">What is to be there.</param>
    /// <param name="root">Of the container.</param>
    /// <param name="ids">Its ids.</param>
    /// <param name="binds">For where no node can be made; null for the machine's root.</param>
    public static void Perform(MountPlan plan, RootedPath root, IdMaps ids, DeviceBinds? binds)
    {
        foreach (DeviceNode device in plan.Devices)
        {
            ContainerException.During($"make device {device.Path}", () =>
            {
                if (binds?.Has(device) == true)
                {
                    binds.Attach(device, root);
                }
                else
                {
                    Make(device, root, ids);
                }
            });
        }

        foreach ((string path, string target) in plan.Links)
        {
            ContainerException.During($"link {path}", () => Link(path, target, root));
        }
    }

    static void Make(DeviceNode device, RootedPath root, IdMaps ids)
    {
        using Fd directory = root.EnsureDirectory(Path.GetDirectoryName(device.Path) ?? "/");
        string name = Path.GetFileName(device.Path);
        Errno errno = Nodes.TryMakeNode(directory, name, device.Kind, device.Mode, device.Major, device.Minor);
        if (errno == Errno.EEXIST)
        {
            // A node of the image, or one that an earlier start of this container left: made anew, it is what the spec says.
            Directories.TryUnlink(directory, name);
            errno = Nodes.TryMakeNode(directory, name, device.Kind, device.Mode, device.Major, device.Minor);
        }

        if (errno != Errno.None)
        {
            throw new KernelException(errno, "mknod", device.Path);
        }

        Nodes.ChangeOwner(directory, name, ids.HostUid(device.Uid), ids.HostGid(device.Gid));
        Nodes.ChangeMode(directory, name, device.Mode);
    }

    static void Link(string path, string target, RootedPath root)
    {
        using Fd directory = root.EnsureDirectory(Path.GetDirectoryName(path) ?? "/");
        Errno errno = Nodes.TrySymlink(target, directory, Path.GetFileName(path));
        if (errno is not (Errno.None or Errno.EEXIST))
        {
            throw new KernelException(errno, "symlink", path);
        }
    }
}
