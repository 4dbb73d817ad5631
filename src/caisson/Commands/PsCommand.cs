using System.Text;
using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>ps</c></summary>
static class PsCommand
{
    const int OutputLimit = 4 * 1024 * 1024;

    public static Command Command { get; } = new(
        "ps", "[CONTAINER [PS-OPTION...]]", "list the processes of a container, or the containers and how their monitors are",
        [new("format", 'f', "table|json", "form of the output (default: table)")], Run)
    {
        OptionsComeFirst = true,
    };

    static int Run(Invocation invocation)
    {
        if (invocation.Line.Rest.Count == 0)
        {
            PrintContainers(invocation.Store);
            return 0;
        }

        using Container container = Container.Open(invocation.Store, invocation.FirstId);
        IReadOnlyList<int> pids = container.Pids();
        switch (invocation.Line.Value("format") ?? "table")
        {
            case "json":
                Output.Write(Encoding.UTF8.GetBytes($"[{string.Join(',', pids)}]"));
                return 0;
            case "table":
                PrintTable(pids.ToHashSet(), [.. invocation.Line.Rest.Skip(1)]);
                return 0;
            case var other:
                throw new UsageException($"--format is table or json, not \"{other}\"");
        }
    }

    static void PrintContainers(ContainerStore store)
    {
        List<(string Id, string Pid, string Status, string Monitor)> rows = [("ID", "PID", "STATUS", "MONITOR")];
        foreach (ContainerId id in store.List())
        {
            using Container? container = Container.TryOpen(store, id);
            if (container?.StateOrNull is { } state)
            {
                ContainerStatus status = container.Status;
                bool ended = status == ContainerStatus.Stopped;
                string monitor = ended ? "-" : container.ReadMonitor()?.Word ?? "-";
                rows.Add((state.Id, ended ? "-" : $"{state.Pid}", StateView.Word(status), monitor));
            }
        }

        int width = rows.Max(row => row.Id.Length) + 2;
        rows.ForEach(row => Console.Out.WriteLine($"{row.Id.PadRight(width)}{row.Pid,-10}{row.Status,-10}{row.Monitor}"));
    }

    // The host's ps(1) knows the columns; its lines for other processes are left out, as runc does it.
    static void PrintTable(HashSet<int> pids, string[] options)
    {
        string[] lines = RunPs(options.Length == 0 ? ["-ef"] : options).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            return;
        }

        int column = Array.IndexOf(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), "PID");
        if (column < 0)
        {
            throw new UserError("ps prints no column PID", "choose options of ps that show it, such as -ef");
        }

        Console.Out.WriteLine(lines[0]);
        foreach (string line in lines.Skip(1))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > column && int.TryParse(fields[column], out int pid) && pids.Contains(pid))
            {
                Console.Out.WriteLine(line);
            }
        }
    }

    static string RunPs(string[] options)
    {
        using Fd output = MemoryFile.Create("ps output", []);
        InitProgram program = new();
        program.Add("keep the output", "dup3", SyscallNumbers.dup3, output.Number, 1, 0);
        program.Add("unblock signals", "rt_sigprocmask", SyscallNumbers.rt_sigprocmask, 2, InitArgument.Bytes(new byte[8], "none"), 0, 8);
        program.Add(
            "exec ps", "execve", SyscallNumbers.execve, "/bin/ps", InitArgument.Array(["ps", .. options], "args"),
            InitArgument.Array(["PATH=/usr/bin:/bin"], "env"));
        using CompiledProgram compiled = new(program);
        int pid = compiled.Start(0, cgroup: null, out Fd process);
        process.Dispose();
        ChildExit.Wait(pid);
        return compiled.Failure is { } failure
            ? throw new UserError($"{failure.Purpose}: {failure.Errno.Describe()}", "install procps, or use --format json")
            : Encoding.UTF8.GetString(MemoryFile.ReadAll(output, OutputLimit));
    }
}
