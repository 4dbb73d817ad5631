using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Seccomp;
using Caisson.Kernel.Spawning;

namespace Caisson.Containers.Probes;

/// <summary>A child loads a filter with a listener, by which the monitor handles mounts of proc and sysfs inside.</summary>
static class ListenerProbe
{
    // BPF_RET | BPF_K, SECCOMP_RET_ALLOW.
    static readonly byte[] AllowAll = [0x06, 0, 0, 0, 0, 0, 0xff, 0x7f];

    public static IEnumerable<Finding> Look(Host host)
    {
        InitProgram program = new();
        program.Add(
            "load a filter", "seccomp", SyscallNumbers.seccomp, SeccompFilter.SECCOMP_SET_MODE_FILTER,
            (uint)SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER, InitArgument.Filter(AllowAll));
        program.Add("end", "exit_group", SyscallNumbers.exit_group, 0);
        using CompiledProgram compiled = new(program);
        int pid = compiled.Start(0, cgroup: null, out Fd process);
        process.Dispose();
        ChildExit.Wait(pid);
        yield return compiled.Failure switch
        {
            null => Finding.Ok(SeccompFilter.KernelKnows(SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
                ? "a child got one; callers wait killable (Linux 5.19)"
                : "a child got one"),
            { Errno: Errno.EBUSY } => Finding.Note(
                "there is one around us already: this is a container", "the monitor outside serves the mounts of what runs in here"),
            { } failure => Finding.Missing(
                $"{failure.Purpose}: {failure.Errno.Describe()}", "mounts of proc and sysfs inside would show the host's values",
                "use a kernel with CONFIG_SECCOMP_FILTER"),
        };
    }
}
