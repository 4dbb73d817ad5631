using Caisson.Kernel;
using Caisson.Kernel.Mounts;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>An ordinary file system of the kernel's, attached nowhere: what a test must hold for before it says something about ours.</summary>
sealed class ScratchTmpfs : IDisposable
{
    readonly Fd _tree;

    public ScratchTmpfs()
    {
        using FsContext context = FsContext.Open("tmpfs");
        _tree = context.CreateMount(MountAttributes.None);
    }

    public string Root => $"/proc/{Environment.ProcessId}/fd/{_tree.Number}";

    public void Dispose() => _tree.Dispose();
}
