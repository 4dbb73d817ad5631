using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Cli.Integration;

/// <summary>The program where engines look for it: one file, and links by whose names it takes another isolation level.</summary>
static class InstalledBinary
{
    const string Name = "caisson";
    const uint Executable = 0x1ED; // 0755

    static readonly string[] Links = ["caisson-plain"];

    /// <summary>Copies the running program; a file in use is replaced, not written to.</summary>
    public static void Copy(string directory)
    {
        Directories.MakeAll(directory, Executable);
        using Fd target = OpenAt2.Open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        byte[] program = FileText.ReadBytes("/proc/self/exe");
        FileText.Replace(target, Name, program, Executable);
        foreach (string link in Links)
        {
            Directories.TryUnlink(target, link);
            Nodes.TrySymlink(Name, target, link);
        }
    }

    public static void Remove(string directory)
    {
        if (OpenAt2.TryOpen(
            Fd.CurrentDirectory, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? opened) != Errno.None)
        {
            return;
        }

        using (opened)
        {
            foreach (string link in Links)
            {
                // Only a link of ours: somebody else's file of that name stays.
                if (Nodes.TryReadLink(opened!, link) == Name)
                {
                    Directories.TryUnlink(opened!, link);
                }
            }

            Directories.TryUnlink(opened!, Name);
        }
    }
}
