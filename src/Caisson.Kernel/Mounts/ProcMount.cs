using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;

namespace Caisson.Kernel.Mounts;

/// <summary>procfs of a pid namespace by descriptor, as a detached mount.</summary>
public static class ProcMount
{
    const ulong CLONE_FILES = 0x400;

    /// <summary>Null before Linux 6.17, where procfs shows the pid namespace of the process that makes it and no other.</summary>
    /// <param name="pidNamespace">Whose processes it shows.</param>
    /// <param name="options">Of proc(5); a flag has no value.</param>
    /// <param name="attributes">Of the mount.</param>
    public static Fd? TryCreate(Fd pidNamespace, IReadOnlyList<(string Key, string? Value)> options, MountAttributes attributes)
    {
        using FsContext context = FsContext.Open("proc");
        if (context.TrySetFd("pidns", pidNamespace) != Errno.None)
        {
            return null;
        }

        context.Set(options);
        return context.CreateMount(attributes);
    }

    /// <summary>
    /// FALLBACK: before Linux 6.17. A child born in the pid namespace makes the mount; it shares our descriptor table, so the
    /// result is a descriptor here. Only for a process with one managed thread (docs/decisions/0002-the-child-window.md).
    /// </summary>
    /// <param name="pidNamespace">Whose processes it shows.</param>
    /// <param name="options">Of proc(5).</param>
    /// <param name="attributes">Of the mount.</param>
    /// <param name="mountNamespace">Whose rules apply to it; null for ours.</param>
    public static Fd CreateInside(
        Fd pidNamespace, IReadOnlyList<(string Key, string? Value)> options, MountAttributes attributes, Fd? mountNamespace = null)
    {
        InitProgram program = new();
        if (mountNamespace is not null)
        {
            program.Add("join the mount namespace", "setns", SyscallNumbers.setns, mountNamespace.Number, (uint)NamespaceKind.CLONE_NEWNS);
        }

        int context = program.Add("make procfs", "fsopen", SyscallNumbers.fsopen, "proc", 1);
        foreach ((string key, string? value) in options)
        {
            // FSCONFIG_SET_FLAG, FSCONFIG_SET_STRING
            program.Add(
                $"set option {key} of procfs", "fsconfig", SyscallNumbers.fsconfig, InitArgument.Result(context, "procfs"),
                value is null ? 0 : 1, key, value is null ? (InitArgument)0 : value, 0);
        }

        program.Add("make procfs", "fsconfig", SyscallNumbers.fsconfig, InitArgument.Result(context, "procfs"), 6, 0, 0, 0);
        int mount = program.Add(
            "mount procfs", "fsmount", SyscallNumbers.fsmount, InitArgument.Result(context, "procfs"), 1, (uint)attributes);
        return Namespace.Within(pidNamespace, NamespaceKind.CLONE_NEWPID, "pid_for_children", "the container's pid namespace", () =>
        {
            using CompiledProgram compiled = new(program);
            int pid = compiled.Start(CLONE_FILES, cgroup: null, out Fd process);
            process.Dispose();
            ChildExit.Wait(pid);
            if (compiled.Failure is { } failure)
            {
                throw new KernelException(failure.Errno, failure.Purpose);
            }

            new Fd((int)compiled.ResultOf(context)).Dispose();
            return new Fd((int)compiled.ResultOf(mount));
        });
    }
}
