using Caisson.Containers.Lifecycle;
using Caisson.Containers.State;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>state</c></summary>
static class StateCommand
{
    public static Command Command { get; } = new("state", "CONTAINER", "print a container's state as JSON", [], Run);

    static int Run(Invocation invocation)
    {
        using Container container = invocation.OpenContainer();
        Output.Write(OciJson.Write(StateView.Entry(container.State, container.Status)));
        return 0;
    }
}
