using Caisson.Containers.Options;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Storage;

/// <summary>
/// One limit over all that a container writes, its root file system and its inner storage together: a project of the file system's. Part of
/// the container's state, as its limits end with the container; its files stay in the project until the engine removes them.
/// </summary>
/// <param name="Project">Its number.</param>
/// <param name="Places">The directories that belong to it, whole.</param>
public sealed record DiskBudget(uint Project, IReadOnlyList<string> Places)
{
    // Engines count theirs from 1.
    const uint FirstOfOurs = 1 << 30;
    const int Attempts = 64;
    const string LimitCall = "quotactl_fd";

    /// <summary>Nothing is changed yet.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="containerId">By which a container that starts again finds its number, mostly.</param>
    /// <param name="places">What belongs to it: first of all the directory that the container writes to.</param>
    public static DiskBudget Plan(ContainerOptions options, string containerId, IReadOnlyList<string> places)
    {
        string name = (options.DiskSize is null ? OptionTable.DiskInodes : OptionTable.DiskSize).Annotation;
        if (!OwnUserNamespace.IsInitial)
        {
            throw new UserError($"{name}: inside a user namespace the kernel lets nobody limit a file system", "limit the container around this one");
        }

        foreach (string place in places)
        {
            using Fd directory = Open(place);
            if (!ProjectQuota.IsEnforced(directory))
            {
                throw new UserError(
                    $"{name}: the file system of {place} has no project quota",
                    "mount it with the option prjquota: xfs, or ext4 after `tune2fs -O project,quota` while it is not mounted");
            }
        }

        using Fd written = Open(places[0]);
        return new DiskBudget(Choose(written, containerId, name), places);
    }

    /// <summary>Puts the limits in force.</summary>
    public void Apply(ContainerOptions options)
    {
        foreach (string place in Places)
        {
            using Fd directory = Open(place);
            Join(directory, Project);
            KernelException.Require(ProjectQuota.TryLimit(directory, Project, options.DiskSize ?? 0, options.DiskInodes ?? 0), LimitCall, place);
        }
    }

    /// <summary>Takes the limits away.</summary>
    public void Lift()
    {
        foreach (string place in Places)
        {
            if (OpenAt2.TryOpen(
                Fd.CurrentDirectory, place, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? directory) == Errno.None)
            {
                using (directory)
                {
                    KernelException.Require(ProjectQuota.TryLimit(directory!, Project, 0, 0), LimitCall, place);
                }
            }
        }
    }

    /// <summary>Where the engine has given a container's layer to a project of its own, what lies elsewhere counts for that one, too.</summary>
    /// <param name="layer">The directory that the container writes to.</param>
    /// <param name="others">That count as well.</param>
    /// <param name="warn">Told of what cannot.</param>
    public static void Extend(string layer, IEnumerable<string> others, Action<string> warn)
    {
        using Fd written = Open(layer);
        uint project = ProjectQuota.Inherited(written);
        if (project is 0 or >= FirstOfOurs)
        {
            return;
        }

        foreach (string place in others)
        {
            using Fd directory = Open(place);
            if (Stat.Of(directory).IsOnSameDevice(Stat.Of(written)))
            {
                Join(directory, project);
            }
            else
            {
                warn($"{place} does not count for the engine's disk limit: it is on another file system than {layer}");
            }
        }
    }

    // What the container has had before is taken again: then its files need not be looked at.
    static uint Choose(Fd written, string containerId, string name)
    {
        uint present = ProjectQuota.Inherited(written);
        if (present != 0)
        {
            return present >= FirstOfOurs
                ? present
                : throw new UserError($"{name}: the engine limits the container already (project {present})", "give a limit to one of them");
        }

        uint hash = 2166136261;
        foreach (char letter in containerId)
        {
            hash = (hash ^ letter) * 16777619;
        }

        for (uint i = 0; i < Attempts; i++)
        {
            uint project = FirstOfOurs | ((hash + i) & (FirstOfOurs - 1));
            if (ProjectQuota.IsFree(written, project))
            {
                return project;
            }
        }

        throw new ContainerException($"{name}: no free project number was found in {Attempts} attempts");
    }

    static void Join(Fd directory, uint project)
    {
        if (ProjectQuota.Inherited(directory) != project)
        {
            ProjectTree.Assign(directory, project);
        }
    }

    static Fd Open(string place) => OpenAt2.Open(place, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
}
