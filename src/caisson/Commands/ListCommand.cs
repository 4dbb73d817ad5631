using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.State;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>list</c></summary>
static class ListCommand
{
    public static Command Command { get; } = new(
        "list", "", "list the containers",
        [
            new("format", 'f', "table|json", "form of the output (default: table)"),
            new("quiet", 'q', null, "ids only"),
        ],
        Run);

    static int Run(Invocation invocation)
    {
        string format = invocation.Line.Value("format") ?? "table";
        if (format is not ("table" or "json"))
        {
            throw new UsageException($"--format is table or json, not \"{format}\"");
        }

        if (invocation.HasOwnRoot && !invocation.Store.Exists)
        {
            throw new UserError($"--root {invocation.Store.Root}: there is no such directory", "leave it out for the default one");
        }

        List<ContainerListEntry> entries = [];
        foreach (ContainerId id in invocation.Store.List())
        {
            // One that is being created or removed at this moment is not listed.
            using Container? container = Container.TryOpen(invocation.Store, id);
            if (container?.StateOrNull is { } state)
            {
                entries.Add(StateView.Entry(state, container.Status));
            }
        }

        if (invocation.Line.Has("quiet"))
        {
            entries.ForEach(entry => Console.Out.WriteLine(entry.Id));
            return 0;
        }

        if (format == "json")
        {
            Output.Write(OciJson.Write([.. entries]));
        }
        else
        {
            PrintTable(entries);
        }

        return 0;
    }

    static void PrintTable(List<ContainerListEntry> entries)
    {
        int id = entries.Select(entry => entry.Id.Length).Append(2).Max() + 2;
        int bundle = entries.Select(entry => entry.Bundle.Length).Append(6).Max() + 2;
        Console.Out.WriteLine($"{"ID".PadRight(id)}{"PID",-10}{"STATUS",-10}{"BUNDLE".PadRight(bundle)}{"CREATED",-30}OWNER");
        foreach (ContainerListEntry entry in entries)
        {
            string created = entry.Created;
            Console.Out.WriteLine(
                $"{entry.Id.PadRight(id)}{entry.Pid,-10}{entry.Status,-10}{entry.Bundle.PadRight(bundle)}{created,-30}{entry.Owner}");
        }
    }
}
