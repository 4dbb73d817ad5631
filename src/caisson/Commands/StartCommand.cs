using Caisson.Containers.Lifecycle;

namespace Caisson.Cli.Commands;

/// <summary><c>start</c></summary>
static class StartCommand
{
    public static Command Command { get; } = new("start", "CONTAINER", "start a created container", [], Run);

    static int Run(Invocation invocation)
    {
        using Container container = invocation.OpenContainer();
        if (invocation.IsRootless)
        {
            return Rootless.Enter(invocation, container);
        }

        container.Start(invocation.Log.Warn);
        return 0;
    }
}
