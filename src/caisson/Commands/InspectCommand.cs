using Caisson.Containers.Ids;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Monitoring;
using Caisson.Containers.State;
using Caisson.Containers.Storage;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>inspect</c></summary>
static class InspectCommand
{
    public static Command Command { get; } = new(
        "inspect", "CONTAINER", "print all that is known of a container as JSON", [], Run);

    static int Run(Invocation invocation)
    {
        using Container container = invocation.OpenContainer();
        ContainerState state = container.State;
        ContainerStatus status = container.Status;
        OciWriter json = new(indent: 2);
        json.BeginObject();
        json.Text("id"u8, state.Id);
        json.Text("status"u8, StateView.Word(status));
        json.Number("pid"u8, status == ContainerStatus.Stopped ? 0 : (long)state.Pid);
        json.Text("isolation"u8, state.Isolation == Containers.Isolation.System ? "system" : "plain");
        json.Text("created"u8, state.Created);
        json.Text("bundle"u8, state.Bundle);
        json.Text("rootfs"u8, state.Rootfs);
        if (state.Ids is { } ids)
        {
            Write(json, ids);
        }

        json.TextMap("cgroups"u8, state.Cgroup?.Paths);
        Write(json, state.Storage);
        if (container.ReadWholeMonitor() is { } monitor)
        {
            Write(json, monitor);
        }

        json.TextMap("annotations"u8, state.Annotations);
        json.EndObject();
        Output.Write(json.ToBytes());
        return 0;
    }

    static void Write(OciWriter json, IdRange ids)
    {
        json.BeginObject("ids"u8);
        json.Number("start"u8, ids.Start);
        json.Number("size"u8, ids.Size);
        json.EndObject();
    }

    static void Write(OciWriter json, IReadOnlyList<StorageEntry> storage)
    {
        json.BeginList("storage"u8);
        foreach (StorageEntry entry in storage)
        {
            json.BeginObject();
            json.Text("destination"u8, entry.Destination);
            json.Text("directory"u8, entry.Directory);
            json.EndObject();
        }

        json.EndList();
    }

    static void Write(OciWriter json, MonitorStatus monitor)
    {
        json.BeginObject("monitor"u8);
        json.Text("state"u8, monitor.Word);
        json.Number("holderPid"u8, (long)monitor.HolderPid);
        json.Number("workerPid"u8, (long)monitor.WorkerPid);
        json.Number("restarts"u8, (long)monitor.Restarts);
        json.Number("lastExit"u8, (long)monitor.LastExit);
        json.EndObject();
    }
}
