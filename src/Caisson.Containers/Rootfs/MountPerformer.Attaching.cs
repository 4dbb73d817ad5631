using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Rootfs;

// Where a prepared mount goes, and what is made there for it.
sealed partial class MountPerformer
{
    // Whose mount point was there or has been made.
    readonly HashSet<MountStep> _hasPlace = new(ReferenceEqualityComparer.Instance);

    void Attach(RootedPath root, PreparedMount mount)
    {
        if (!_hasPlace.Contains(mount.Step))
        {
            InheritMode(root, mount);
        }

        using Fd target = EnsureTarget(root, mount);
        if (mount.Step.Options.CopyUp)
        {
            using Fd below = OpenAt2.Open(target, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
            TreeCopy.Contents(below, mount.Tree);
        }

        MountTree.Attach(mount.Tree, target, mount.Step.Destination);
        RootedPath attached = new(mount.Tree);
        foreach ((string name, Fd tree) in mount.Children)
        {
            using Fd child = attached.Open(name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            MountTree.Attach(tree, child, $"{mount.Step.Destination}/{name}");
        }

        if (mount.Children.Count > 0 && mount.Step.Options.IsReadOnly)
        {
            MountTree.TrySetAttributes(mount.Tree, MountAttributes.MOUNT_ATTR_RDONLY, 0, 0, null, recursive: true);
        }
    }

    // As with runc, a tmpfs that is given no mode has that of the directory that it covers, among its options where that directory
    // is the root file system's.
    string? InheritedMode(MountStep step)
    {
        if (!LacksMode(step) || new RootedPath(_root!).TryOpen(step.Destination, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, out Fd? covered) != Errno.None)
        {
            return null;
        }

        using (covered)
        {
            return Convert.ToString(Stat.Of(covered!).Permissions, 8);
        }
    }

    // On another mount, which is not attached when this one is made.
    static void InheritMode(RootedPath root, PreparedMount mount)
    {
        if (LacksMode(mount.Step) && !mount.Step.Options.IsReadOnly
            && root.TryOpen(mount.Step.Destination, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, out Fd? covered) == Errno.None)
        {
            using (covered)
            {
                Nodes.ChangeMode(mount.Tree, ".", Stat.Of(covered!).Permissions);
            }
        }
    }

    static bool LacksMode(MountStep step) =>
        step is { Kind: MountKind.New, Type: "tmpfs" } && !step.Options.Data.Any(option => option.Key == "mode");

    static Fd EnsureTarget(RootedPath root, PreparedMount mount)
    {
        // An image's link would lead what is masked and written below /proc elsewhere (CVE-2019-19921). The words are runc's.
        if (mount.Step.Kind is MountKind.Proc or MountKind.Sysfs
            && root.TryOpen(mount.Step.Destination, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, out Fd? found) == Errno.None)
        {
            using (found)
            {
                if (!Stat.Of(found!).IsDirectory)
                {
                    throw new UserError($"{mount.Step.Type} must be mounted on ordinary directory", $"make {mount.Step.Destination} a directory in the image");
                }
            }
        }

        return mount.IsDirectory ? root.EnsureDirectory(mount.Step.Destination) : root.EnsureFile(mount.Step.Destination);
    }

    // As runc does, for images whose working directory is only named; chdir says what is wrong where this cannot work.
    void MakeWorkingDirectory(RootedPath root)
    {
        try
        {
            root.EnsureDirectory(plan.WorkingDirectory).Dispose();
        }
        catch (KernelException failure)
        {
            warn($"/process/cwd \"{plan.WorkingDirectory}\" cannot be made ({failure.Errno}), ignoring");
        }
    }

    void AttachConsole(RootedPath root)
    {
        int number = Kernel.Devices.Terminal.Number(ConsoleMaster!);
        using Fd slave = root.Open($"/dev/pts/{number}");
        using Fd tree = MountTree.Clone(slave, recursive: false, "the terminal");
        using Fd target = root.EnsureFile("/dev/console", 0x180 /* 0600 */);
        MountTree.Attach(tree, target, "/dev/console");
    }
}
