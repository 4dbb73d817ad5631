using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Kernel.Processes;

namespace Caisson.Cli.Commands;

/// <summary><c>kill</c></summary>
static class KillCommand
{
    public static Command Command { get; } = new(
        "kill", "CONTAINER [SIGNAL]", "send a signal (default: TERM) to a container's first process",
        [new("all", 'a', null, "send it to all processes of the container")], Run)
    {
        OptionsComeFirst = true,
    };

    static int Run(Invocation invocation)
    {
        if (invocation.Line.Rest.Count > 2)
        {
            throw new UsageException($"a container id and a signal are expected, not also \"{invocation.Line.Rest[2]}\"");
        }

        string name = invocation.Line.Rest.Count > 1 ? invocation.Line.Rest[1] : "TERM";
        int signal = Signals.Parse(name);
        if (signal < 0)
        {
            throw new UserError($"\"{name}\" is no signal", "give a number or a name as kill -l lists them");
        }

        using Container container = Container.Open(invocation.Store, invocation.FirstId);
        container.Kill(signal, invocation.Line.Has("all"));
        return 0;
    }
}
