using Caisson.Containers.Cgroups;
using Caisson.Containers.Ids;
using Caisson.Containers.Storage;
using Caisson.Oci;

namespace Caisson.Containers.State;

/// <summary>state.json. Enumerations are numbers in it; members that an older binary does not know are skipped.</summary>
public static partial class StateJson
{
    public static byte[] Write(ContainerState state)
    {
        var json = new OciWriter();
        json.BeginObject();
        json.Number("version"u8, state.Version);
        json.Text("id"u8, state.Id);
        json.Text("ociVersion"u8, state.OciVersion);
        json.Text("bundle"u8, state.Bundle);
        json.Text("rootfs"u8, state.Rootfs);
        json.Number("isolation"u8, (int)state.Isolation);
        json.Text("created"u8, state.Created);
        json.Number("pid"u8, state.Pid);
        json.Number("startTime"u8, state.StartTime);
        Write(json, state.Cgroup);
        Write(json, state.Ids);
        Write(json, state.Storage);
        Write(json, state.DiskBudget);
        json.Number("namespaces"u8, (uint)state.Namespaces);
        if (state.Descriptors.Count > 0)
        {
            json.Texts("descriptors"u8, state.Descriptors);
        }

        json.TextMap("annotations"u8, state.Annotations);
        json.EndObject();
        return json.ToBytes();
    }

    static void Write(OciWriter json, CgroupState? cgroup)
    {
        if (cgroup is null)
        {
            return;
        }

        json.BeginObject("cgroup"u8);
        json.TextMap("paths"u8, cgroup.Paths);
        json.Texts("madeParents"u8, cgroup.MadeParents);
        json.Flag("isDelegated"u8, cgroup.IsDelegated);
        json.Text("unit"u8, cgroup.Unit);
        json.EndObject();
    }

    static void Write(OciWriter json, IdRange? ids)
    {
        if (ids is not { } range)
        {
            return;
        }

        json.BeginObject("ids"u8);
        json.Number("start"u8, range.Start);
        json.Number("size"u8, range.Size);
        json.EndObject();
    }

    static void Write(OciWriter json, IReadOnlyList<StorageEntry> storage)
    {
        json.BeginList("storage"u8);
        foreach (StorageEntry entry in storage)
        {
            json.BeginObject();
            json.Text("kind"u8, entry.Kind);
            json.Text("destination"u8, entry.Destination);
            json.Text("directory"u8, entry.Directory);
            json.Text("home"u8, entry.Home);
            json.Flag("hasLower"u8, entry.HasLower);
            if (entry.Shared.Count > 0)
            {
                WriteShared(json, entry);
            }

            json.EndObject();
        }

        json.EndList();
    }

    static void Write(OciWriter json, DiskBudget? budget)
    {
        if (budget is not null)
        {
            json.BeginObject("diskBudget"u8);
            json.Number("project"u8, budget.Project);
            json.Texts("places"u8, budget.Places);
            json.EndObject();
        }
    }

    static void WriteShared(OciWriter json, StorageEntry entry)
    {
        json.Texts("lower"u8, entry.Lower);
        json.BeginList("shared"u8);
        foreach (SharedLayer layer in entry.Shared)
        {
            json.BeginObject();
            json.Text("layer"u8, layer.Layer);
            json.Text("path"u8, layer.Path);
            json.EndObject();
        }

        json.EndList();
    }
}
