using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

/// <summary>
/// Walks over what a container made below its cgroup. Its depth, width and names are the container's choice: the walks hold
/// two descriptors and no stack frames a level, and take names as bytes.
/// </summary>
static class CgroupTree
{
    /// <summary>For the directory and all below it, parents first. Directories that vanish meanwhile are left out.</summary>
    public static void Visit(Fd top, Action<Fd> visit)
    {
        visit(top);
        Walk(top, (_, _) => false, visit, static (_, _) => Errno.None);
    }

    /// <summary>Removes all directories below, deepest first. EBUSY where one still has processes.</summary>
    public static Errno TryRemoveBelow(Fd top) =>
        Walk(top, static (parent, name) => Remove(parent, name) == Errno.None, static _ => { }, Remove);

    static Errno Remove(Fd parent, byte[] name)
    {
        Errno errno = RawNames.TryRemoveDirectory(parent, name);
        return errno == Errno.ENOENT ? Errno.None : errno;
    }

    /// <param name="top">Where to start; stays open.</param>
    /// <param name="isDone">Asked for each directory on the way down; true leaves out what is below.</param>
    /// <param name="enter">Called in each directory that is entered.</param>
    /// <param name="leave">Called with the parent when all below a directory is done; an errno ends the walk.</param>
    static Errno Walk(Fd top, Func<Fd, byte[], bool> isDone, Action<Fd> enter, Func<Fd, byte[], Errno> leave)
    {
        Stack<(byte[] Name, Queue<byte[]> Children)> levels = [];
        levels.Push(([], new Queue<byte[]>(RawNames.Subdirectories(top))));
        Fd current = OpenAt2.Open(top, ".", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        try
        {
            while (true)
            {
                (byte[] name, Queue<byte[]> children) = levels.Peek();
                if (children.TryDequeue(out byte[]? child))
                {
                    if (!isDone(current, child) && RawNames.TryOpenDirectory(current, child, out Fd? below) == Errno.None)
                    {
                        current.Dispose();
                        current = below!;
                        enter(current);
                        levels.Push((child, new Queue<byte[]>(RawNames.Subdirectories(current))));
                    }

                    continue;
                }

                levels.Pop();
                if (levels.Count == 0)
                {
                    return Errno.None;
                }

                // A cgroup never moves to another parent, so the way up is the way down.
                Fd parent = OpenAt2.Open(current, "..", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
                current.Dispose();
                current = parent;
                Errno errno = leave(current, name);
                if (errno != Errno.None)
                {
                    return errno;
                }
            }
        }
        finally
        {
            current.Dispose();
        }
    }
}
