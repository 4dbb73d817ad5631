using System.Globalization;
using Caisson.Containers.Init;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;
using Caisson.Oci;

namespace Caisson.Containers.Hooks;

/// <summary>
/// Whom a hook of the container's runs as where its root is another user on the host: that user, with all of our capabilities. The
/// host's root has no id on ID-mapped layers, and could write nothing there (EOVERFLOW).
/// </summary>
/// <param name="Uid">The container's root, as the host counts.</param>
/// <param name="Gid">Its group.</param>
readonly record struct HookIdentity(uint Uid, uint Gid)
{
    const int PR_SET_KEEPCAPS = 8;

    public void Plan(InitProgram program)
    {
        string[] own = Own();
        program.Add("keep capabilities", "prctl", SyscallNumbers.prctl, InitArgument.Named(PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"), 1);
        program.Add("become the container's root", "setresgid", SyscallNumbers.setresgid, Gid, Gid, Gid);
        program.Add("become the container's root", "setresuid", SyscallNumbers.setresuid, Uid, Uid, Uid);
        // A program of another user than 0 gets at execve what is ambient.
        InitPlanner.PlanCapabilities(
            program, new LinuxCapabilities { Bounding = own, Effective = own, Permitted = own, Inheritable = own, Ambient = own });
    }

    static string[] Own()
    {
        const string key = "CapPrm:";
        string status = FileText.Read("/proc/self/status");
        int at = status.IndexOf("\n" + key, StringComparison.Ordinal) + 1 + key.Length;
        ulong mask = ulong.Parse(status.AsSpan(at, 17).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return [.. Capabilities.All.Where((_, number) => (mask >> number & 1) != 0)];
    }
}
