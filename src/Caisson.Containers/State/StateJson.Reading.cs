using System.Text.Json;
using Caisson.Containers.Cgroups;
using Caisson.Containers.Ids;
using Caisson.Containers.Storage;
using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Containers.State;

public static partial class StateJson
{
    /// <exception cref="JsonException">It is damaged: not JSON, or a member is missing or of another kind.</exception>
    public static ContainerState Read(ReadOnlySpan<byte> utf8)
    {
        var json = new OciReader(utf8, stackalloc char[OciReader.LongestName]);
        ContainerState state = json.EntersObject() ? ReadState(ref json) : throw Missing("the state");
        json.End();
        return state;
    }

    static ContainerState ReadState(ref OciReader json)
    {
        int version = ContainerState.CurrentVersion, pid = 0;
        string? id = null, ociVersion = null, bundle = null, rootfs = null, created = null;
        Isolation? isolation = null;
        ulong startTime = 0;
        CgroupState? cgroup = null;
        IdRange? ids = null;
        IReadOnlyList<StorageEntry> storage = [];
        DiskBudget? budget = null;
        NamespaceKind namespaces = NamespaceKind.None;
        IReadOnlyList<string> descriptors = [];
        Dictionary<string, string>? annotations = null;
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "version": version = json.Int32(); break;
                case "id": id = json.Text(); break;
                case "ociVersion": ociVersion = json.Text(); break;
                case "bundle": bundle = json.Text(); break;
                case "rootfs": rootfs = json.Text(); break;
                case "isolation": isolation = (Isolation)json.Int32(); break;
                case "created": created = json.Text(); break;
                case "pid": pid = json.Int32(); break;
                case "startTime": startTime = json.UInt64(); break;
                case "cgroup": cgroup = ReadCgroup(ref json); break;
                case "ids": ids = ReadIds(ref json); break;
                case "storage": storage = ReadObjects(ref json, ReadEntry); break;
                case "diskBudget": budget = ReadBudget(ref json); break;
                case "namespaces": namespaces = (NamespaceKind)json.UInt32(); break;
                case "descriptors": descriptors = json.Texts() ?? []; break;
                case "annotations": annotations = json.TextMap(); break;
            }
        }

        return new ContainerState
        {
            Version = version,
            Id = id ?? throw Missing("id"),
            OciVersion = ociVersion ?? throw Missing("ociVersion"),
            Bundle = bundle ?? throw Missing("bundle"),
            Rootfs = rootfs ?? throw Missing("rootfs"),
            Isolation = isolation ?? throw Missing("isolation"),
            Created = created ?? throw Missing("created"),
            Pid = pid,
            StartTime = startTime,
            Cgroup = cgroup,
            Ids = ids,
            Storage = storage,
            DiskBudget = budget,
            Namespaces = namespaces,
            Descriptors = descriptors,
            Annotations = annotations,
        };
    }

    static CgroupState? ReadCgroup(ref OciReader json)
    {
        if (!json.EntersObject())
        {
            return null;
        }

        Dictionary<string, string>? paths = null;
        string[]? madeParents = null;
        bool isDelegated = false;
        string? unit = null;
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "paths": paths = json.TextMap(); break;
                case "madeParents": madeParents = json.Texts(); break;
                case "isDelegated": isDelegated = json.Flag(); break;
                case "unit": unit = json.Text(); break;
            }
        }

        return new CgroupState(paths ?? throw Missing("paths"), madeParents ?? throw Missing("madeParents"), isDelegated, unit);
    }

    static IdRange? ReadIds(ref OciReader json)
    {
        if (!json.EntersObject())
        {
            return null;
        }

        uint? start = null, size = null;
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "start": start = json.UInt32(); break;
                case "size": size = json.UInt32(); break;
            }
        }

        return new IdRange(start ?? throw Missing("start"), size ?? throw Missing("size"));
    }

    static DiskBudget? ReadBudget(ref OciReader json)
    {
        if (!json.EntersObject())
        {
            return null;
        }

        uint? project = null;
        IReadOnlyList<string> places = [];
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "project": project = json.UInt32(); break;
                case "places": places = json.Texts() ?? []; break;
            }
        }

        return new DiskBudget(project ?? throw Missing("project"), places);
    }

    delegate T ObjectReader<T>(ref OciReader json);

    static List<T> ReadObjects<T>(ref OciReader json, ObjectReader<T> read)
    {
        List<T> objects = [];
        if (json.EntersList())
        {
            while (json.NextElement())
            {
                objects.Add(json.EntersObject() ? read(ref json) : throw Missing("an entry"));
            }
        }

        return objects;
    }

    static StorageEntry ReadEntry(ref OciReader json)
    {
        string? kind = null, destination = null, directory = null, home = null;
        bool hasLower = false;
        IReadOnlyList<string> lower = [];
        List<SharedLayer> shared = [];
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "kind": kind = json.Text(); break;
                case "destination": destination = json.Text(); break;
                case "directory": directory = json.Text(); break;
                case "home": home = json.Text(); break;
                case "hasLower": hasLower = json.Flag(); break;
                case "lower": lower = json.Texts() ?? []; break;
                case "shared": shared = ReadObjects(ref json, ReadShared); break;
            }
        }

        return new StorageEntry(
            kind ?? throw Missing("kind"), destination ?? throw Missing("destination"),
            directory ?? throw Missing("directory"), home ?? throw Missing("home"))
        {
            HasLower = hasLower,
            Lower = lower,
            Shared = shared,
        };
    }

    static SharedLayer ReadShared(ref OciReader json)
    {
        string? layer = null, path = null;
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "layer": layer = json.Text(); break;
                case "path": path = json.Text(); break;
            }
        }

        return new SharedLayer(layer ?? throw Missing("layer"), path ?? throw Missing("path"));
    }

    static JsonException Missing(string what) => new($"{what} is missing");
}
