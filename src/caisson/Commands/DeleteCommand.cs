using Caisson.Containers.Lifecycle;

namespace Caisson.Cli.Commands;

/// <summary><c>delete</c></summary>
static class DeleteCommand
{
    public static Command Command { get; } = new(
        "delete", "CONTAINER", "remove a container that has ended and all that was made for it",
        [new("force", 'f', null, "end it first; no error if there is none")], Run);

    static int Run(Invocation invocation)
    {
        bool force = invocation.Line.Has("force");
        using Container? container = force ? Container.TryOpen(invocation.Store, invocation.Id) : invocation.OpenContainer();
        container?.Delete(invocation.Places, force, invocation.Log.Warn);
        return 0;
    }
}
