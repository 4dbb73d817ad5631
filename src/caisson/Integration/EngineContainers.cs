using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Cli.Integration;

/// <summary>
/// Containers whose engine will call an installed program again, at the latest to delete them. Engines tell nobody, but leave
/// a process with each container that knows: containerd's shim stands in a directory with the runtime's path in a file, and
/// conmon has it among its arguments. Both say the container's id.
/// </summary>
static class EngineContainers
{
    const OpenFlags DirectoryPath = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY;

    /// <summary>Ids, in the order of the processes.</summary>
    /// <param name="programs">Paths of the program and of its links.</param>
    public static IReadOnlyList<ContainerId> Of(IReadOnlyCollection<string> programs)
    {
        using Fd proc = OpenAt2.Open("/proc", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        List<ContainerId> ids = [];
        foreach (string name in Directories.List(proc))
        {
            if (char.IsAsciiDigit(name[0]) && TryFind(name, programs) is { } id && !ids.Contains(id))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    static ContainerId? TryFind(string pid, IReadOnlyCollection<string> programs)
    {
        try
        {
            string program = FileText.TryRead($"/proc/{pid}/comm")?.Trim() ?? "";
            bool isShim = program.StartsWith("containerd-shim", StringComparison.Ordinal);
            if (!isShim && program != "conmon")
            {
                return null;
            }

            string[] arguments = (FileText.TryRead($"/proc/{pid}/cmdline") ?? "").Split('\0');
            bool uses = isShim ? ShimUses(pid, programs) : programs.Contains(After("-r") ?? After("--runtime"));
            // Anybody may call a process so: what is no id is not repeated.
            return uses && ContainerId.TryParse((isShim ? After("-id") : After("-c") ?? After("--cid")) ?? "", out ContainerId id, out _) ? id : null;

            string? After(string option) => Array.IndexOf(arguments, option) is >= 0 and int at && at + 1 < arguments.Length ? arguments[at + 1] : null;
        }
        catch (KernelException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    static bool ShimUses(string pid, IReadOnlyCollection<string> programs)
    {
        using Fd directory = OpenAt2.Open($"/proc/{pid}/cwd", DirectoryPath);
        if (new RootedPath(directory).TryReadText("runtime")?.Trim() is not { Length: > 0 } runtime)
        {
            return false;
        }

        if (programs.Contains(runtime))
        {
            return true;
        }

        // For a runtime with arguments dockerd writes a script that calls it.
        using Fd root = OpenAt2.Open($"/proc/{pid}/root", DirectoryPath);
        return new RootedPath(root).TryReadText(runtime, limit: 4096) is { } script
            && script.StartsWith("#!", StringComparison.Ordinal)
            && script.Split((char[])[' ', '\n', '\'', '"']).Any(programs.Contains);
    }
}
