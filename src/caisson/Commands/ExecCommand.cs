using Caisson.Cli.Monitor;
using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>exec</c></summary>
static class ExecCommand
{
    public static Command Command { get; } = new(
        "exec", "CONTAINER [COMMAND [ARGUMENT...]]", "run one more process in a container",
        [
            new("process", 'p', "FILE", "JSON of the process"),
            new("console-socket", '\0', "PATH", "socket that receives the terminal"),
            new("cwd", '\0', "DIR", "working directory in the container"),
            new("env", 'e', "NAME=VALUE", "add to the environment; may be repeated"),
            new("tty", 't', null, "give it a terminal"),
            new("user", 'u', "UID[:GID]", "ids in the container"),
            new("additional-gids", 'g', "GID", "add a group; may be repeated"),
            new("detach", 'd', null, "return once it runs"),
            new("pidfd-socket", '\0', "PATH", "socket that receives a pidfd of the process"),
            new("pid-file", '\0', "FILE", "where its pid is written"),
            new("process-label", '\0', "LABEL", "accepted for runc's sake"),
            new("apparmor", '\0', "PROFILE", "AppArmor profile"),
            new("no-new-privs", '\0', null, "set no_new_privs"),
            new("cap", 'c', "CAPABILITY", "add a capability; may be repeated"),
            new("preserve-fds", '\0', "N", "descriptors after standard error that it inherits"),
            new("cgroup", '\0', "[CONTROLLER:]PATH", "cgroup below the container's to run in; may be repeated"),
            new("ignore-paused", '\0', null, "enter a paused container"),
        ],
        Run)
    {
        FailureCode = 255,
        OptionsComeFirst = true,
    };

    static int Run(Invocation invocation)
    {
        using Container container = Container.Open(invocation.Store, invocation.FirstId);
        if (invocation.IsRootless)
        {
            return Rootless.Enter(invocation, container);
        }

        container.ProtectProgram();
        Spec spec = container.ReadSpec();
        ProcessSpec process = invocation.Line.Value("process") is { } file ? ReadProcess(file, invocation) : FromFlags(spec, invocation.Line);
        bool detach = invocation.Line.Has("detach");
        string? socket = invocation.PathValue("console-socket");
        if (detach && process.Terminal && socket is null)
        {
            throw new UserError("cannot allocate a terminal for a process that is left to itself", "give --console-socket, or leave out --tty");
        }

        using Fd? signals = detach ? null : AttachedProcess.Watch();
        CreatedContainer running = container.Exec(
            new ExecRequest
            {
                Cgroups = invocation.Line.Values("cgroup"),
                ConsoleSocket = socket,
                PidFdSocket = invocation.PathValue("pidfd-socket"),
                PidFile = invocation.PathValue("pid-file"),
                PreservedFds = invocation.Line.Number("preserve-fds", 0),
                IgnorePaused = invocation.Line.Has("ignore-paused"),
            },
            spec,
            process,
            invocation.Places,
            MonitorLayout.Setup);
        return detach ? 0 : AttachedProcess.Wait(running, signals!);
    }

    static ProcessSpec ReadProcess(string file, Invocation invocation)
    {
        ProcessSpec process = OciJson.ParseProcess(FileText.ReadBytes(file));
        Invocation.Check(SpecValidator.Validate(process), invocation.Log);
        return process;
    }

    // As runc does: the container's own process with what the flags change.
    static ProcessSpec FromFlags(Spec spec, CommandLine line)
    {
        string[] args = [.. line.Rest.Skip(1)];
        if (args.Length == 0)
        {
            throw new UsageException("a command is missing: give it after the container id, or --process");
        }

        ProcessSpec process = spec.Process ?? new ProcessSpec { Cwd = "/" };
        LinuxCapabilities capabilities = process.Capabilities ?? new LinuxCapabilities();
        IReadOnlyList<string> added = line.Values("cap");
        User user = ExecUser.Parse(line.Value("user"), process.User ?? new User());
        return process with
        {
            Args = args,
            Terminal = line.Has("tty"),
            ConsoleSize = null,
            Cwd = line.Value("cwd") ?? process.Cwd,
            Env = [.. process.Env ?? [], .. line.Values("env")],
            User = user with { AdditionalGids = [.. user.AdditionalGids ?? [], .. line.Values("additional-gids").Select(ExecUser.ParseId)] },
            NoNewPrivileges = line.Has("no-new-privs") || process.NoNewPrivileges,
            ApparmorProfile = line.Value("apparmor") ?? process.ApparmorProfile,
            Capabilities = added.Count == 0 ? capabilities : capabilities with
            {
                Bounding = [.. capabilities.Bounding ?? [], .. added],
                Effective = [.. capabilities.Effective ?? [], .. added],
                Permitted = [.. capabilities.Permitted ?? [], .. added],
                Ambient = [.. capabilities.Ambient ?? [], .. added.Where(name => capabilities.Inheritable?.Contains(name, StringComparer.OrdinalIgnoreCase) == true)],
            },
        };
    }
}
