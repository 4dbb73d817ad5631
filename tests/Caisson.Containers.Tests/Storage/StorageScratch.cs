using System.Diagnostics;
using Caisson.Containers.Rootfs;
using Caisson.Containers.Storage;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Storage;

/// <summary>
/// An engine's store with the layers of one container, as Docker lays them out, and a storage root beside it:
/// store/c1/diff above store/b/diff above store/a/diff.
/// </summary>
public sealed class StorageScratch : IDisposable
{
    readonly string? _memory;

    /// <param name="elsewhere">The store lies on another file system than the storage.</param>
    public StorageScratch(bool elsewhere = false)
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: device nodes, trusted extended attributes");
        Path = Directory.CreateTempSubdirectory("caisson-storage-").FullName;
        if (elsewhere)
        {
            Assert.SkipUnless(Directory.Exists("/dev/shm"), "needs /dev/shm as another file system");
            _memory = "/dev/shm/" + System.IO.Path.GetFileName(Path);
            Run($"mkdir {_memory}; ln -s {_memory} store");
        }

        Run("mkdir -p store/{a,b,c1}/diff store/l; ln -s ../a/diff store/l/A");
    }

    public string Path { get; }

    public string StorageRoot => $"{Path}/storage";

    public string Upper => $"{Path}/store/c1/diff";

    /// <summary>One of the lower layers is relative to the store and a link, as Docker names them.</summary>
    public OverlayLayers Layers => new OverlayLayers([$"{Path}/store/b/diff", "l/A"], Upper, $"{Path}/store/c1/work", []).Resolve("/");

    public IReadOnlyList<StorageEntry> Plan() => InnerStoragePlanner.Plan(new Spec(), "c1", StorageRoot, Upper, _ => null);

    public IReadOnlyList<StorageEntry> Bring() => InnerStorage.Bring(Plan(), Layers);

    public void Cycle(string inside = "true")
    {
        IReadOnlyList<StorageEntry> entries = Bring();
        Run($"cd storage/docker/c1; {inside}");
        InnerStorage.TakeHome(entries);
    }

    public bool IsOpaque(string path) => HasMark(path, "trusted.overlay.opaque");

    public void MakeOpaque(string path) => Mark(path, "trusted.overlay.opaque");

    public bool HasMark(string path, string attribute)
    {
        using Fd directory = OpenAt2.Open($"{Path}/{path}", OpenFlags.O_RDONLY);
        return Xattr.TryGet(directory, attribute) is [(byte)'y'];
    }

    public void Mark(string path, string attribute)
    {
        using Fd directory = OpenAt2.Open($"{Path}/{path}", OpenFlags.O_RDONLY);
        Xattr.Set(directory, attribute, "y"u8);
    }

    public void Unmark(string path, string attribute)
    {
        using Fd directory = OpenAt2.Open($"{Path}/{path}", OpenFlags.O_RDONLY);
        Assert.NotNull(Xattr.TryGet(directory, attribute));
        Xattr.Remove(directory, attribute);
    }

    /// <summary>Names below a directory, sorted, on one line.</summary>
    public string Names(string directory) => Run($"cd {directory} 2>/dev/null && find . -mindepth 1 -printf '%P\\n' | sort | xargs || echo none");

    public string Run(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-euc", script])
        {
            WorkingDirectory = Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;
        string output = shell.StandardOutput.ReadToEnd();
        string errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{script}\n{output}{errors}");
        return output.Trim();
    }

    public void Dispose() => Run($"cd /; rm -rf \"$OLDPWD\" {_memory}");
}
