using Caisson.Kernel;

namespace Caisson.Containers.Rootfs;

/// <summary>A mount that exists but is attached nowhere yet.</summary>
/// <param name="Step">What it is for.</param>
/// <param name="Tree">The detached mount.</param>
/// <param name="IsDirectory">What kind of mount point it needs.</param>
/// <param name="Children">Mounts that go on names below it once it is attached.</param>
sealed record PreparedMount(MountStep Step, Fd Tree, bool IsDirectory, IReadOnlyList<(string Name, Fd Tree)> Children) : IDisposable
{
    public void Dispose()
    {
        Tree.Dispose();
        foreach ((_, Fd tree) in Children)
        {
            tree.Dispose();
        }
    }
}
