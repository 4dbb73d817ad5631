using Caisson.Containers.Cgroups;
using Caisson.Containers.Checkpoint;
using Caisson.Containers.Ids;
using Caisson.Containers.Init;
using Caisson.Containers.Levels;
using Caisson.Containers.Namespaces;
using Caisson.Containers.Options;
using Caisson.Containers.Processes;
using Caisson.Containers.Rootfs;
using Caisson.Containers.Rootless;
using Caisson.Containers.State;
using Caisson.Containers.Storage;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class ContainerCreation
{
    IdRange? TakeIds(CreateRequest request, Spec spec, ContainerOptions options, JoinedNamespaces joined)
    {
        // In a user namespace its 0 is nobody's outside.
        if (request.Isolation == Isolation.System && OwnUserNamespace.IsInitial)
        {
            RefuseHostRoot(spec.Linux?.UidMappings ?? [], "uidMappings");
            RefuseHostRoot(spec.Linux?.GidMappings ?? [], "gidMappings");
        }

        return ChoosesIds(request, spec, joined) && OwnUserNamespace.IsInitial
            ? new IdRangeAllocator(places.IdRanges).Take(options.Ids, store.DirectoryOf(request.Id), places.Ids)
            : null;
    }

    static bool ChoosesIds(CreateRequest request, Spec spec, JoinedNamespaces joined) =>
        request.Isolation == Isolation.System && joined.User is null && spec.Linux?.UidMappings is not { Length: > 0 };

    CreatePlan Plan(CreateRequest request, Spec given, ContainerOptions options, EngineRootfs rootfs, JoinedNamespaces joined, IdRange? range)
    {
        bool system = request.Isolation == Isolation.System;
        Spec spec = system ? SystemLevel.Plan(given, joinsUserNamespace: joined.User is not null, _bootTime - TimeOffsets.OfOwnBootTime(), options.HonorsCapabilities) : given;
        NamespacePlan namespaces = NamespacePlan.Plan(spec);
        if (joined.User is not null)
        {
            namespaces = namespaces with { Joined = [.. namespaces.Joined, new JoinedNamespace(NamespaceKind.CLONE_NEWUSER, "")] };
        }

        IdMaps ids = range is null && ChoosesIds(request, given, joined) ? OwnIds.Read() : IdsOf(spec, joined, range);
        RequireMapped(spec.Process?.User, ids);
        MountContext context = new(
            request.Bundle, namespaces.HasUser, MapIds: system && OwnUserNamespace.IsInitial && rootfs.NeedsMapping(ids), Pristine: system)
        {
            Unmapped = options.Unmapped,
            Mapped = options.Mapped,
        };
        ProcessSpec process = ProcessEnvironment.Complete(spec.Process!, path => rootfs.Root.TryReadText(path));
        return new CreatePlan(spec with { Process = process }, namespaces, ids, MountPlanner.Plan(spec, context));
    }

    static void RequireMapped(User? user, IdMaps ids)
    {
        List<Problem> problems = [];
        if (ids.Uids.Count > 0)
        {
            IdCheck.AddProcess(problems, user, ids);
        }

        if (problems.Count > 0)
        {
            throw new SpecException(problems);
        }
    }

    static IdMaps IdsOf(Spec spec, JoinedNamespaces joined, IdRange? range)
    {
        if (range is { } own)
        {
            LinuxIdMapping[] mapping = [new LinuxIdMapping(0, own.Start, own.Size)];
            return new IdMaps(mapping, mapping);
        }

        return joined.User is { } user
            ? MappingNamespace.Read(user)
            : new IdMaps(spec.Linux?.UidMappings ?? [], spec.Linux?.GidMappings ?? []);
    }

    // Podman's keep-id as root is such a map.
    static void RefuseHostRoot(LinuxIdMapping[] mappings, string member)
    {
        int index = Array.FindIndex(mappings, mapping => mapping.HostId == 0);
        if (index >= 0)
        {
            throw new UserError(
                $"/linux/{member}/{index}: a system container cannot have the host's id 0",
                "leave the mappings out (--userns in engines), so that it gets ids of its own, or use --isolation=plain");
        }
    }

    ContainerState DescribeState(CreateRequest request, CreatePlan plan, EngineRootfs rootfs, IdRange? range, CgroupPath cgroup)
    {
        IReadOnlyList<StorageEntry> storage = request.Isolation == Isolation.System && !Pod.IsSandbox(plan.Spec)
            ? InnerStoragePlanner.Plan(
                plan.Spec, request.Id.Value, places.Data, rootfs.Layers is { } layers ? layers.Upper ?? "" : plan.Mounts.Rootfs,
                path => rootfs.Root.TryReadText(path))
            : [];
        return new ContainerState
        {
            Id = request.Id.Value,
            OciVersion = plan.Spec.OciVersion,
            Bundle = request.Bundle,
            Rootfs = plan.Mounts.Rootfs,
            Isolation = request.Isolation,
            Created = UtcTime.Now(digits: 7),
            Cgroup = new CgroupState(cgroup.Directories, [], Unit: cgroup.Unit?.Name),
            Ids = range,
            Namespaces = plan.Namespaces.All,
            Storage = storage,
            // Ours are the first process's, unless it has a terminal.
            Descriptors = request.Isolation == Isolation.Plain && !plan.Process.Terminal ? ImageDirectory.OwnDescriptors() : [],
            Annotations = plan.Spec.Annotations,
        };
    }

    // In a user namespace there may be no rights over any. Whoever names a cgroup means it.
    static bool MayMissCgroups(Spec spec) => !OwnUserNamespace.IsInitial && string.IsNullOrEmpty(spec.Linux?.CgroupsPath);

    Cgroup CreateCgroup(CgroupPath path, CreatePlan plan, CreateRequest request)
    {
        bool system = request.Isolation == Isolation.System;
        LinuxResources resources = plan.Spec.Linux?.Resources ?? new LinuxResources();
        DeviceAccess devices = DeviceAccess.Plan(resources.Devices ?? [], system ? DeviceDefaults.System : DeviceDefaults.All);
        Cgroup cgroup = path.Unit is null ? Cgroup.Create(path, MayMissCgroups(plan.Spec)) : Cgroup.CreateUnit(path, resources, devices, request.Id.Value);
        try
        {
            if (cgroup.State.Paths.Count == 0 && !plan.Namespaces.IsNew(NamespaceKind.CLONE_NEWPID))
            {
                // The first words are runc's.
                warn("Creating a rootless container with no cgroup and no private pid namespace. Such configuration is strongly discouraged: kill and delete reach its first process only");
            }

            cgroup.Apply(resources, devices);
            if (system)
            {
                cgroup.Delegate(plan.Ids.RootUid, plan.Ids.RootGid);
            }

            return cgroup;
        }
        catch
        {
            cgroup.Destroy(EndDeadline);
            cgroup.Dispose();
            throw;
        }
    }
}
