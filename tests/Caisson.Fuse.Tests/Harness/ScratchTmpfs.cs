using Caisson.Kernel;
using Caisson.Kernel.Mounts;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>An ordinary file system of the kernel's, attached nowhere: what a test must hold for before it says something about ours.</summary>
sealed class ScratchTmpfs : IDisposable
{
    readonly Fd _tree;

    /// <param name="size">As tmpfs takes it.</param>
    public ScratchTmpfs(string size = "64m")
    {
        using FsContext context = FsContext.Open("tmpfs");
        context.SetString("size", size);
        _tree = context.CreateMount(MountAttributes.None);
    }

    public string Root => $"/proc/{Environment.ProcessId}/fd/{_tree.Number}";

    public void Dispose() => _tree.Dispose();
}
