using Caisson.Cli.Monitor;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Rootless;
using Caisson.Kernel;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>create</c>, and <c>run</c>, which also starts, waits and deletes.</summary>
static class CreateCommand
{
    static readonly Option[] Options =
    [
        new("bundle", 'b', "DIR", "directory with config.json (default: here)"),
        new("console-socket", '\0', "PATH", "socket that receives the terminal"),
        new("pidfd-socket", '\0', "PATH", "socket that receives a pidfd of the process"),
        new("pid-file", '\0', "FILE", "where the first process's pid is written"),
        new("preserve-fds", '\0', "N", "descriptors after standard error that the process inherits"),
        new("no-new-keyring", '\0', null, "keep the caller's session keyring"),
        new("no-pivot", '\0', null, "accepted for runc's sake"),
        new("no-subreaper", '\0', null, "accepted for runc's sake"),
    ];

    public static Command Create { get; } = new("create", "CONTAINER", "create a container that waits to be started", Options, RunCreate);

    public static Command Run { get; } = new(
        "run", "CONTAINER", "create, start, wait for and delete a container",
        [
            .. Options,
            new("detach", 'd', null, "return once the container runs"),
            new("keep", '\0', null, "do not delete the container when it has ended"),
        ],
        RunRun);

    static int RunCreate(Invocation invocation)
    {
        CreateRequest request = Request(invocation);
        Spec spec = Read(invocation, out byte[] bytes);
        RequireConsole(invocation, spec, detached: true);
        if (invocation.IsRootless)
        {
            return Rootless.Create(invocation, spec);
        }

        NewCreation(invocation).Create(request, spec, bytes);
        return 0;
    }

    static int RunRun(Invocation invocation)
    {
        CreateRequest request = Request(invocation);
        Spec spec = Read(invocation, out byte[] bytes);
        bool detach = invocation.Line.Has("detach");
        RequireConsole(invocation, spec, detach);
        if (invocation.IsRootless)
        {
            return Rootless.Create(invocation, spec);
        }

        using Fd? signals = detach ? null : AttachedProcess.Watch();
        CreatedContainer created = NewCreation(invocation).Create(request, spec, bytes);
        using Container container = Container.Open(invocation.Store, invocation.Id);
        try
        {
            container.Start(invocation.Log.Warn);
        }
        catch
        {
            container.Delete(invocation.Places, force: true, invocation.Log.Warn);
            throw;
        }

        if (detach)
        {
            return 0;
        }

        int code = AttachedProcess.Wait(created, signals!);
        if (!invocation.Line.Has("keep"))
        {
            container.Delete(invocation.Places, force: false, invocation.Log.Warn);
        }

        return code;
    }

    public static Spec Read(Invocation invocation, out byte[] bytes)
    {
        invocation.RequireRoot();
        Spec spec = Invocation.ReadSpec(Bundle(invocation), invocation.Log, out bytes);
        spec = invocation.IsInside ? RootlessSpec.Inside(spec) : spec;
        return invocation.Isolation == Containers.Isolation.System ? invocation.Configuration.Complete(spec) : spec;
    }

    static string Bundle(Invocation invocation) => invocation.PathValue("bundle") ?? Environment.CurrentDirectory;

    public static ContainerCreation NewCreation(Invocation invocation) => new(invocation.Store, invocation.ConfiguredPlaces, MonitorLayout.Setup, invocation.Log.Warn);

    public static CreateRequest Request(Invocation invocation) => new()
    {
        Id = invocation.Id,
        Bundle = Bundle(invocation),
        Isolation = invocation.Isolation,
        ConsoleSocket = invocation.PathValue("console-socket"),
        PidFdSocket = invocation.PathValue("pidfd-socket"),
        PidFile = invocation.PathValue("pid-file"),
        PreservedFds = invocation.Line.Number("preserve-fds", 0),
        NoNewKeyring = invocation.Line.Has("no-new-keyring"),
        SystemdCgroup = invocation.SystemdCgroup,
    };

    public static void RequireConsole(Invocation invocation, Spec spec, bool detached)
    {
        bool socket = invocation.Line.Value("console-socket") is { Length: > 0 };
        if (detached && (spec.Process?.Terminal ?? false) && !socket)
        {
            throw new Containers.UserError(
                "cannot allocate a terminal for a container that is left to itself", "give --console-socket, or set /process/terminal to false");
        }

        if (socket && !(spec.Process?.Terminal ?? false))
        {
            throw new Containers.UserError("--console-socket is given but /process/terminal is false", "leave one out");
        }
    }
}
