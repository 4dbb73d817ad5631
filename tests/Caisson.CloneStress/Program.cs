using System.Diagnostics;
using System.Globalization;
using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;

namespace Caisson.CloneStress;

/// <summary>
/// Clones as many children as it is told, one after the other, each through an init program of its own, while it makes
/// garbage and collects it. Prints how many there were, how many ended as they should, and how many collections ran.
/// </summary>
static class Program
{
    const int ExecEvery = 10;
    const int CollectEvery = 100;
    const int Code = 42;

    static readonly List<byte[]> Kept = [];

    static int Main(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10000;
        int fine = 0;
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
        {
            MakeGarbage(i);
            fine += CloneOne(execute: i % ExecEvery == 0, collectMeanwhile: i % CollectEvery == 0) ? 1 : 0;
        }

        Console.Out.WriteLine(
            $"{count} clones, {fine} fine, {GC.CollectionCount(0)} collections, {clock.ElapsedMilliseconds} ms, limit {AppContext.GetData("GCHeapHardLimit") ?? "none"}");
        return fine == count ? 0 : 1;
    }

    // The child waits at a pipe-less step of its own, execve or exit: so a collection of ours may run at the same time.
    static bool CloneOne(bool execute, bool collectMeanwhile)
    {
        InitProgram program = new();
        program.Add("unblock signals", "rt_sigprocmask", SyscallNumbers.rt_sigprocmask, 2, InitArgument.Bytes(new byte[8], "none"), 0, 8);
        if (execute)
        {
            program.Add(
                "exec", "execve", SyscallNumbers.execve, "/bin/sh", InitArgument.Array(["sh", "-c", $"exit {Code}"], "args"),
                InitArgument.Array([], "env"));
        }
        else
        {
            program.Add("end", "exit_group", SyscallNumbers.exit_group, Code);
        }

        using CompiledProgram compiled = new(program);
        int pid = compiled.Start(0, cgroup: null, out Fd process);
        using (process)
        {
            if (collectMeanwhile)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            // A child that hangs is what this looks for.
            if (!PidFd.WaitForExit(process, 10_000))
            {
                PidFd.TrySignal(process, Signals.SIGKILL);
            }
        }

        return ChildExit.Wait(pid) == Code && compiled.Failure is null;
    }

    // Some of it lives for a while, so that all generations have work.
    static void MakeGarbage(int seed)
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] bytes = new byte[1024 + (((seed * 31) + i) % 8192)];
            if (i == 0)
            {
                Kept.Add(bytes);
            }
        }

        if (Kept.Count > 500)
        {
            Kept.RemoveRange(0, 400);
        }
    }
}
