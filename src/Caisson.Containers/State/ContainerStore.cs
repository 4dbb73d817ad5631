using System.Text.Json;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.State;

/// <summary>The directory of <c>--root</c>: one directory a container, with its state and what its commands share.</summary>
public sealed class ContainerStore(string root)
{
    public const string StateFile = "state.json";

    /// <summary>The spec as it was created, for exec: the bundle's may have changed or gone.</summary>
    public const string SpecFile = "config.json";

    /// <summary>The socket that the created process waits at; there until it has been started.</summary>
    public const string StartSocket = "start";

    const uint Private = 0x1C0; // 0700

    public string Root { get; } = root;

    public string DirectoryOf(ContainerId id) => Path.Combine(Root, id.Value);

    /// <summary>Makes the container's directory; whoever makes it has the id.</summary>
    public Fd Create(ContainerId id)
    {
        Directories.MakeAll(Root, Private);
        using Fd parent = OpenAt2.Open(Root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        return Directories.TryMake(parent, id.Value, Private)
            ? OpenAt2.Open(parent, id.Value, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)
            : throw new UserError($"container \"{id.Value}\" exists already", $"choose another id, or: caisson delete {id.Value}");
    }

    /// <summary>Null where there is no container of that id.</summary>
    public Fd? TryOpen(ContainerId id)
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, DirectoryOf(id), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? directory);
        return errno switch
        {
            Errno.None => directory,
            Errno.ENOENT or Errno.ENOTDIR => null,
            _ => throw new KernelException(errno, "open", DirectoryOf(id)),
        };
    }

    /// <summary>The state of a container, or null where its creation was cut off before it had one.</summary>
    public static ContainerState? TryRead(Fd directory)
    {
        Errno errno = OpenAt2.TryOpen(directory, StateFile, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? file);
        if (errno == Errno.ENOENT)
        {
            return null;
        }

        using Fd opened = errno == Errno.None ? file! : throw new KernelException(errno, "open", StateFile);
        try
        {
            return StateJson.Read(FileText.ReadBytes(opened, StateFile));
        }
        catch (JsonException failure)
        {
            throw new ContainerException($"{StateFile} is damaged", failure);
        }
    }

    public static void Write(Fd directory, ContainerState state) => FileText.Replace(directory, StateFile, StateJson.Write(state));

    /// <summary>Of a name in a directory; it need not be a well-formed id.</summary>
    public bool Has(string name) => Stat.TryOf(Fd.CurrentDirectory, Path.Combine(Root, name), out _) == Errno.None;

    public bool Exists => Stat.TryOf(Fd.CurrentDirectory, Root, out _) == Errno.None;

    /// <summary>Ids of all containers; none where the root does not exist.</summary>
    public IReadOnlyList<ContainerId> List()
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, Root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? directory);
        if (errno != Errno.None)
        {
            return errno == Errno.ENOENT ? [] : throw new KernelException(errno, "open", Root);
        }

        using (directory)
        {
            List<ContainerId> ids = [];
            foreach (string name in Directories.List(directory!).Order(StringComparer.Ordinal))
            {
                if (ContainerId.TryParse(name, out ContainerId id, out _))
                {
                    ids.Add(id);
                }
            }

            return ids;
        }
    }

    /// <summary>Removes all that the container's directory holds, and it.</summary>
    public void Remove(ContainerId id)
    {
        using Fd parent = OpenAt2.Open(Root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Directories.RemoveTree(parent, id.Value);
    }
}
