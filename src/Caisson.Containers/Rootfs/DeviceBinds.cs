using Caisson.Containers.Levels;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// Devices where the command may not make nodes: in a user namespace mknod(2) is refused (capable(CAP_MKNOD) of fs/namei.c), so
/// the nodes that are there are bound. They keep their owner, who mostly has no id inside.
/// </summary>
sealed class DeviceBinds : IDisposable
{
    readonly Dictionary<DeviceNode, Fd> _trees = [];

    /// <summary>To be called while paths are those of where the command runs.</summary>
    public static DeviceBinds Open(IReadOnlyList<DeviceNode> devices)
    {
        DeviceBinds binds = new();
        foreach (DeviceNode device in devices.Where(device => device.Kind != FileKind.Fifo))
        {
            if ((TryClone(device.Path, device) ?? UsualPlaceOf(device)) is { } tree)
            {
                binds._trees.Add(device, tree);
            }
            else if (!SystemLevel.IsAdded(device.Path))
            {
                throw new UserError(
                    $"device {device.Path} ({device.Major}:{device.Minor}) cannot be made in a user namespace, and there is no node of it here",
                    "have the machine's root make it there, or give it to the outer container");
            }
        }

        return binds;
    }

    public bool Has(DeviceNode device) => _trees.ContainsKey(device) || (device.Kind != FileKind.Fifo && SystemLevel.IsAdded(device.Path));

    public void Attach(DeviceNode device, RootedPath root)
    {
        if (_trees.TryGetValue(device, out Fd? tree))
        {
            using Fd target = root.EnsureFile(device.Path);
            MountTree.Attach(tree, target, device.Path);
        }
    }

    public void Dispose()
    {
        foreach (Fd tree in _trees.Values)
        {
            tree.Dispose();
        }
    }

    // By its number: an engine may give the container's name of a device that is called otherwise here.
    static Fd? UsualPlaceOf(DeviceNode device)
    {
        string kind = device.Kind == FileKind.BlockDevice ? "block" : "char";
        string? name = FileText.TryRead($"/sys/dev/{kind}/{device.Major}:{device.Minor}/uevent")?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("DEVNAME=", StringComparison.Ordinal))?["DEVNAME=".Length..];
        return name is null ? null : TryClone($"/dev/{name}", device);
    }

    static Fd? TryClone(string path, DeviceNode device)
    {
        if (OpenAt2.TryOpen(Fd.CurrentDirectory, path, OpenFlags.O_PATH, ResolveFlags.None, 0, out Fd? opened) != Errno.None)
        {
            return null;
        }

        using Fd node = opened!;
        statx stat = Stat.Of(node);
        return stat.Kind == device.Kind && stat.stx_rdev_major == device.Major && stat.stx_rdev_minor == device.Minor
            ? MountTree.Clone(node, recursive: false, path)
            : null;
    }
}
