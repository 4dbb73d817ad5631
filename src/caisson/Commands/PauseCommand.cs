using Caisson.Containers.Lifecycle;

namespace Caisson.Cli.Commands;

/// <summary><c>pause</c> and <c>resume</c></summary>
static class PauseCommand
{
    public static Command Pause { get; } = new("pause", "CONTAINER", "freeze all processes of a container", [], invocation =>
    {
        using Container container = invocation.OpenContainer();
        container.Pause(invocation.Log.Warn);
        return 0;
    });

    public static Command Resume { get; } = new("resume", "CONTAINER", "thaw all processes of a container", [], invocation =>
    {
        using Container container = invocation.OpenContainer();
        container.Resume(invocation.Log.Warn);
        return 0;
    });
}
