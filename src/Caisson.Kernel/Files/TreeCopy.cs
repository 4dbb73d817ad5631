namespace Caisson.Kernel.Files;

/// <summary>
/// Copies a tree exactly: owners, modes, times, extended attributes (file capabilities, ACLs, those of overlays), hard links
/// within the tree, holes, device nodes with overlay whiteouts, names that are no UTF-8. Works by descriptors and names only;
/// no symbolic link is followed, on either side. Data is shared with the source where the file system can (FICLONE).
/// </summary>
/// <remarks>
/// Not copied: inode flags (chattr), birth times, security.evm, which the kernel computes. Both trees must be at rest: what
/// changes meanwhile is copied as it happens to be met. Failures name the path below the top.
/// </remarks>
public static class TreeCopy
{
    /// <summary>Copies all that is in one directory into another, in which none of these names may exist.</summary>
    /// <param name="crossMounts">Copies what is mounted in the source, too; otherwise to meet a mount is EXDEV.</param>
    /// <param name="emptied">Directories, by their paths below the top, that are made without what is in them.</param>
    public static void Contents(Fd from, Fd to, bool crossMounts = false, IReadOnlySet<string>? emptied = null) =>
        new TreeCopyPass(from, to, crossMounts, asLayer: false, emptied).Run();

    /// <summary>
    /// Puts the content of an overlay's layer on top of what a lower one has left in a directory: a whiteout removes the name,
    /// an opaque directory replaces, other directories merge, anything else replaces.
    /// </summary>
    /// <remarks>
    /// The layer may hold whiteouts and opaque directories of its own content, for instance of an inner engine's layers, and
    /// nothing on disk tells them from those of the outer overlay. One that meets a name of a lower layer is taken for the
    /// outer overlay's and is used up; one that meets nothing is copied as content.
    /// </remarks>
    public static void Layer(Fd from, Fd to, bool crossMounts = false, IReadOnlySet<string>? emptied = null) =>
        new TreeCopyPass(from, to, crossMounts, asLayer: true, emptied).Run();

    /// <summary>Gives a directory the owner, mode, times and extended attributes of another one, and no other attributes.</summary>
    public static void Attributes(Fd from, Fd to)
    {
        // The descriptors may be O_PATH ones, which fgetxattr(2) and fchmod(2) refuse.
        using Fd source = TreeCopyCalls.Open(from, "."u8, TreeCopyCalls.Directory, 0, ".");
        using Fd target = TreeCopyCalls.Open(to, "."u8, TreeCopyCalls.Directory, 0, ".");
        statx stat = Stat.Of(source);
        TreeCopyCalls.SetOwner(target, stat, ".");
        Xattr.CopyAll(source, target, ".");
        TreeCopyCalls.SetModeAndTimes(target, stat, ".");
    }

    /// <summary>Waits until all of a file system is on disk: to be called before the only other copy is removed.</summary>
    public static void Flush(Fd directory)
    {
        using Fd opened = TreeCopyCalls.Open(directory, "."u8, TreeCopyCalls.Directory, 0, ".");
        if (TreeCopyCalls.syncfs(opened) != 0)
        {
            throw KernelException.Last("syncfs", directory.ProcPath);
        }
    }

    /// <summary>An overlay's mark that a name of the layers below is deleted: a character device 0:0.</summary>
    public static bool IsWhiteout(statx stat) =>
        stat.Kind == FileKind.CharacterDevice && stat.stx_rdev_major == 0 && stat.stx_rdev_minor == 0;

    /// <summary>
    /// Removes a tree of any depth with any names, or a file. Never follows a link and does not enter another mount. Stops at
    /// the deadline (of <see cref="Environment.TickCount64"/>) with false; what is left is in the same place.
    /// </summary>
    public static bool Remove(Fd directory, string name, long deadline = long.MaxValue) =>
        new TreeCopyRemoval(deadline).Remove(directory, TreeCopyCalls.Terminated(name));

    /// <summary>As <see cref="Remove"/>, but the directory itself stays.</summary>
    public static void RemoveContents(Fd directory) => new TreeCopyRemoval(long.MaxValue).RemoveContents(directory);
}
