using Caisson.Containers;
using Caisson.Containers.Checkpoint;
using Caisson.Containers.Lifecycle;
using Caisson.Kernel;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>restore</c>: in the foreground it waits and gives back the exit code, as <c>run</c> does.</summary>
static class RestoreCommand
{
    public static Command Command { get; } = new(
        "restore", "CONTAINER", "create a plain container out of an image of its processes",
        [
            .. CheckpointFlags.Shared,
            new("bundle", 'b', "DIR", "directory with config.json (default: here)"),
            new("console-socket", '\0', "PATH", "socket that receives the terminal"),
            new("detach", 'd', null, "return once the container runs"),
            new("pid-file", '\0', "FILE", "where the first process's pid is written"),
            new("no-subreaper", '\0', null, "accepted for runc's sake"),
            new("no-pivot", '\0', null, "accepted for runc's sake"),
            new("lsm-profile", '\0', "TYPE:NAME", "security profile of the restored processes"),
            new("lsm-mount-context", '\0', "CONTEXT", "security context of the restored mounts"),
        ],
        Run);

    static int Run(Invocation invocation)
    {
        CheckpointRequest checkpoint = CheckpointFlags.Read(invocation);
        if (invocation.Isolation == Isolation.System)
        {
            throw new UserError(
                "a system container cannot be restored: CRIU makes plain containers", "caisson --isolation=plain restore, or call the program as caisson-plain");
        }

        CreateRequest request = CreateCommand.Request(invocation);
        Spec spec = CreateCommand.Read(invocation, out byte[] bytes);
        bool detach = invocation.Line.Has("detach");
        CreateCommand.RequireConsole(invocation, spec, detach);
        using Fd? signals = detach ? null : AttachedProcess.Watch();
        CreatedContainer restored = CreateCommand.NewCreation(invocation).Restore(request, checkpoint, spec, bytes);
        if (detach)
        {
            return 0;
        }

        int code = AttachedProcess.Wait(restored, signals!);
        using Container container = Container.Open(invocation.Store, invocation.Id);
        container.Delete(invocation.Places, force: false, invocation.Log.Warn);
        return code;
    }
}
