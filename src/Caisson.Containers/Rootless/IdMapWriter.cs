using System.Text;
using Caisson.Containers.Hooks;
using Caisson.Containers.Init;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;
using Caisson.Oci;

namespace Caisson.Containers.Rootless;

/// <summary>
/// Id maps of a user namespace that an ordinary user made: its own id it may map alone (user_namespaces(7)), more with the help of
/// newuidmap(1) and newgidmap(1), which know /etc/subuid and /etc/subgid.
/// </summary>
static class IdMapWriter
{
    const int OutputShown = 1024;

    public static void Write(int pid, IdMaps ids)
    {
        if (IsOnly(ids.Uids, Credentials.EffectiveUid))
        {
            FileText.Write($"/proc/{pid}/uid_map", IdMapText.Render(ids.Uids));
        }
        else
        {
            RunTool("newuidmap", "/etc/subuid", pid, ids.Uids);
        }

        if (IsOnly(ids.Gids, Credentials.EffectiveGid))
        {
            // The kernel's condition: who could drop a group might gain what the group is denied (CVE-2014-8989).
            FileText.Write($"/proc/{pid}/setgroups", "deny");
            FileText.Write($"/proc/{pid}/gid_map", IdMapText.Render(ids.Gids));
        }
        else
        {
            RunTool("newgidmap", "/etc/subgid", pid, ids.Gids);
        }
    }

    static bool IsOnly(IReadOnlyList<LinuxIdMapping> mappings, uint own) => mappings is [{ Size: 1 } only] && only.HostId == own;

    static void RunTool(string tool, string file, int pid, IReadOnlyList<LinuxIdMapping> mappings)
    {
        string[] arguments =
            [tool, pid.ToString(), .. mappings.SelectMany(one => (string[])[$"{one.ContainerId}", $"{one.HostId}", $"{one.Size}"])];
        using Fd output = MemoryFile.Create("output", []);
        InitProgram program = new();
        program.Add("keep the output", "dup3", SyscallNumbers.dup3, output.Number, 2, 0);
        HookRunner.PlanSignals(program);
        IReadOnlyList<string> candidates = Executable.InOwnPath(tool);
        for (int i = 0; i < candidates.Count; i++)
        {
            program.AddWith(
                $"exec {tool}", "execve", SyscallNumbers.execve, i + 1 < candidates.Count ? InitRule.TryNext : InitRule.Fail, candidates[i],
                InitArgument.Array(arguments, "args"), InitArgument.Array(["LC_ALL=C"], "env"));
        }

        using CompiledProgram compiled = new(program);
        int child = compiled.Start(0, cgroup: null, out Fd process);
        process.Dispose();
        int code = ChildExit.Wait(child);
        if (compiled.Failure is { } failure)
        {
            throw new UserError(
                $"{failure.Purpose}: {failure.Errno.Describe()}: more ids than your own cannot be mapped without it",
                "install the package uidmap (shadow-utils), or map only your own id");
        }

        if (code != 0)
        {
            throw new UserError(
                $"{string.Join(' ', arguments)} failed: {Encoding.UTF8.GetString(MemoryFile.ReadAll(output, OutputShown)).Trim().ReplaceLineEndings("; ")}",
                $"{file} must give you the ids that are mapped, with a line such as NAME:100000:65536");
        }
    }
}
