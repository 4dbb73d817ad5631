using Caisson.Cli.Commands;
using Caisson.Containers;
using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Cli;

/// <summary>The composition root: global options, the table of commands, and the one place where failures become text.</summary>
static class Program
{
    static readonly Option[] GlobalOptions =
    [
        new("root", '\0', "DIR", "where containers' states are kept (default: /run/caisson/containers, or in XDG_RUNTIME_DIR)"),
        new("log", '\0', "FILE", "write messages to this file, too"),
        new("log-format", '\0', "text|json", "form of the lines in --log"),
        new("debug", '\0', null, "say more in the log"),
        new("config", '\0', "FILE", "the host's configuration (default: /etc/caisson/config.json)"),
        new("isolation", '\0', "plain|system", "how far containers are kept apart from the host"),
        new(Rootless.Inside, '\0', null, ""),
        new("systemd-cgroup", '\0', null, "have systemd make the cgroup: linux.cgroupsPath is slice:prefix:name"),
        new("rootless", '\0', "auto|true|false", "accepted for runc's sake"),
        new("criu", '\0', "PATH", "accepted for runc's sake"),
        new("version", 'v', null, "print the version"),
        new("help", 'h', null, "print this help"),
    ];

    static readonly Command[] Commands =
    [
        CreateCommand.Create, StartCommand.Command, CreateCommand.Run, ExecCommand.Command, StateCommand.Command,
        KillCommand.Command, DeleteCommand.Command, ListCommand.Command, PsCommand.Command, PauseCommand.Pause,
        PauseCommand.Resume, CheckpointCommand.Command, RestoreCommand.Command, UpdateCommand.Command, EventsCommand.Command, SpecCommand.Command, FeaturesCommand.Command,
        InspectCommand.Command, RepairCommand.Command, DoctorCommand.Command, ConfigCommand.Command, InstallCommand.Install, InstallCommand.Uninstall, MonitorCommand.Holder,
        MonitorCommand.Worker,
    ];

    static int Main(string[] args)
    {
        // Modes given to mkdir, mknod and open are meant as they stand.
        WorkingDirectory.SetMask(0);
        Log? log = null;
        int failureCode = 1;
        try
        {
            CommandLine global = CommandLine.Parse(args, GlobalOptions);
            log = new Log(global.Value("log"), global.Value("log-format"), global.Has("debug"));
            if (global.Has("version"))
            {
                return Help.PrintVersion();
            }

            if (global.Has("help") || global.Rest is [] or ["help"])
            {
                return Help.Print(Commands, GlobalOptions);
            }

            return Run(global, log, ref failureCode);
        }
        catch (UsageException mistake)
        {
            return Fail(log, mistake.Message, "caisson --help, or caisson COMMAND --help", failureCode);
        }
        catch (UserError mistake)
        {
            return Fail(log, mistake.Message, mistake.Remedy, failureCode);
        }
        catch (SpecException mistake)
        {
            string? remedy = mistake.Problems.Count == 1 ? mistake.Problems[0].Remedy : null;
            return Fail(log, Problems.Render(mistake.Document, mistake.Problems), remedy, failureCode);
        }
        catch (Exception failure)
        {
            string chain = ContainerException.Chain(failure);
            bool ours = failure is ContainerException or KernelException;
            return Fail(log, ours ? chain : $"internal error: {failure.GetType().Name}: {chain}", Hints.For(failure), failureCode);
        }
        finally
        {
            log?.Dispose();
        }
    }

    static int Run(CommandLine global, Log log, ref int failureCode)
    {
        string name = global.Rest[0];
        Command command = Array.Find(Commands, known => known.Name == name)
            ?? throw new UsageException($"unknown command \"{name}\"");
        failureCode = command.FailureCode;
        List<Option> options = [.. command.Options, new Option("help", 'h', null, "print this help")];
        CommandLine line = CommandLine.Parse([.. global.Rest.Skip(1)], options, anywhere: !command.OptionsComeFirst);
        log.Debug($"caisson {Help.Version}: {string.Join(' ', Environment.GetCommandLineArgs().Skip(1))}");
        return line.Has("help")
            ? Help.Print(command, options)
            : command.Run(new Invocation(global, line, log, IsolationOption.Of(global.Value("isolation"), Environment.GetCommandLineArgs()[0])));
    }

    static int Fail(Log? log, string message, string? hint, int code)
    {
        if (log is null)
        {
            Log.Tell(message, hint);
        }
        else
        {
            log.Error(message, hint);
        }

        return code;
    }
}
