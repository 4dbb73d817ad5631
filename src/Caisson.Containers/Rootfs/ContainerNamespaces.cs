using Caisson.Kernel;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// The namespaces of a container's first process, by descriptor, for superblocks that show a namespace: the calling thread
/// steps into one, makes the file system, and steps back.
/// </summary>
sealed class ContainerNamespaces(int pid) : IDisposable
{
    readonly List<Fd> _opened = [];

    public Fd Pid => Keep(Namespace.Open(pid, "pid"));

    public Fd User => Keep(Namespace.Open(pid, "user"));

    public Fd Network => Keep(Namespace.Open(pid, "net"));

    public Fd Mount => Keep(Namespace.Open(pid, "mnt"));

    public T Within<T>(NamespaceKind kind, Func<T> make)
    {
        string name = Namespaces.NamespacePlan.ProcNameOf(kind);
        using Fd target = Namespace.Open(pid, name);
        return Namespace.Within(target, kind, name, $"/proc/{pid}/ns/{name}", make);
    }

    public void Dispose() => _opened.ForEach(fd => fd.Dispose());

    Fd Keep(Fd fd)
    {
        _opened.Add(fd);
        return fd;
    }
}
