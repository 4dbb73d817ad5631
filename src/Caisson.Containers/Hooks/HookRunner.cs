using System.Collections;
using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;
using Caisson.Oci;

namespace Caisson.Containers.Hooks;

/// <summary>
/// Runs hooks one after the other (config.md#posix-platform-hooks): the container's state on standard input, what they print
/// kept for the error that tells of a failure.
/// </summary>
static class HookRunner
{
    const int OutputShown = 1024;

    /// <param name="hooks">In order; null for none.</param>
    /// <param name="kind">The member of /hooks, for errors.</param>
    /// <param name="state">What they read.</param>
    /// <param name="joined">Namespaces each hook joins first.</param>
    /// <param name="environment">Of a hook that has none of its own; null for ours, as with runc.</param>
    /// <param name="identity">Whom they run as; null for us, or for root of a user namespace that they join.</param>
    public static void Run(
        Hook[]? hooks, string kind, OciState state, IReadOnlyList<(int Fd, NamespaceKind Kind)>? joined = null, string[]? environment = null,
        HookIdentity? identity = null)
    {
        for (int i = 0; i < (hooks?.Length ?? 0); i++)
        {
            Run(hooks![i] with { Env = hooks[i].Env ?? environment ?? OwnEnvironment() }, $"error running {kind} hook #{i}: /hooks/{kind}/{i} \"{hooks[i].Path}\"", OciJson.Write(state), joined ?? [], identity);
        }
    }

    public static string[] OwnEnvironment() =>
        [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}")];

    static void Run(Hook hook, string name, byte[] state, IReadOnlyList<(int Fd, NamespaceKind Kind)> joined, HookIdentity? identity)
    {
        using Fd input = MemoryFile.Create("hook state", state);
        using Fd output = MemoryFile.Create("hook output", []);
        using Fd time = Namespace.OpenOwn("time");
        using CompiledProgram program = new(Plan(hook, input, output, time, joined, identity));
        int pid = program.Start(0, cgroup: null, out Fd process);
        using (process)
        {
            if (!PidFd.WaitForExit(process, hook.Timeout is > 0 and { } seconds ? seconds * 1000 : -1))
            {
                PidFd.TrySignal(process, Signals.SIGKILL);
                ChildExit.Wait(pid);
                throw new ContainerException($"{name} did not end within its timeout of {hook.Timeout} s");
            }
        }

        int code = ChildExit.Wait(pid);
        if (program.Failure is { } failure)
        {
            throw new ContainerException(name, new KernelException(failure.Errno, failure.Purpose));
        }

        if (code != 0)
        {
            throw new ContainerException($"{name} ended with exit code {code}{Output(output)}");
        }
    }

    static InitProgram Plan(
        Hook hook, Fd input, Fd output, Fd time, IReadOnlyList<(int Fd, NamespaceKind Kind)> joined, HookIdentity? identity)
    {
        InitProgram program = new();
        // The command may have made another one for the container's process, where its children are born.
        program.AddWith("stay in the time namespace", "setns", SyscallNumbers.setns, InitRule.Ignore, time.Number, (nint)(uint)NamespaceKind.CLONE_NEWTIME);
        if (joined.Count > 0)
        {
            const int PR_SET_DUMPABLE = 4;
            // Until execve this process is one of the host's.
            program.Add("hide from tracing", "prctl", SyscallNumbers.prctl, InitArgument.Named(PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), 0);
        }

        foreach ((int fd, NamespaceKind kind) in joined)
        {
            program.Add($"join the namespaces: {Namespaces.NamespacePlan.TypesOf(kind)}", "setns", SyscallNumbers.setns, fd, (nint)(uint)kind);
        }

        if (joined.Any(entry => entry.Kind.HasFlag(NamespaceKind.CLONE_NEWUSER)))
        {
            program.Add("become root in the user namespace", "setresgid", SyscallNumbers.setresgid, 0, 0, 0);
            program.AddWith("become root in the user namespace", "setgroups", SyscallNumbers.setgroups, InitRule.Ignore, 0, 0);
            program.Add("become root in the user namespace", "setresuid", SyscallNumbers.setresuid, 0, 0, 0);
        }

        identity?.Plan(program);
        program.Add("give the state", "dup3", SyscallNumbers.dup3, input.Number, 0, 0);
        program.Add("keep the output", "dup3", SyscallNumbers.dup3, output.Number, 1, 0);
        program.Add("keep the output", "dup3", SyscallNumbers.dup3, output.Number, 2, 0);
        PlanSignals(program);
        string[] args = hook.Args is { Length: > 0 } given ? given : [hook.Path];
        program.Add("exec", "execve", SyscallNumbers.execve, hook.Path, InitArgument.Array(args, "args"), InitArgument.Array(hook.Env ?? [], "env"));
        return program;
    }

    /// <summary>For a program that is no container's: signals as they are for any new one.</summary>
    public static void PlanSignals(InitProgram program)
    {
        foreach (int signal in Signals.Ignored())
        {
            program.AddWith(
                $"restore signal {signal}", "rt_sigaction", SyscallNumbers.rt_sigaction, InitRule.Ignore, signal,
                InitArgument.Bytes(new byte[32], "SIG_DFL"), 0, 8);
        }

        program.Add(
            "unblock signals", "rt_sigprocmask", SyscallNumbers.rt_sigprocmask, 2, InitArgument.Bytes(new byte[8], "none"), 0, 8);
    }

    static string Output(Fd output)
    {
        byte[] bytes = MemoryFile.ReadAll(output, 64 * 1024);
        string text = Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - OutputShown))).Trim().ReplaceLineEndings("; ");
        return text.Length == 0 ? "" : $": {text}";
    }
}
