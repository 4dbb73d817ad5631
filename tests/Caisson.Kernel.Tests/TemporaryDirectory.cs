using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests;

/// <summary>A directory of any user's own, removed at the end with all that is in it.</summary>
sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory()
    {
        Path = Directory.CreateTempSubdirectory("caisson-kernel-").FullName;
        Fd = OpenAt2.Open(Path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
    }

    public string Path { get; }

    public Fd Fd { get; }

    public string PathOf(string name) => $"{Path}/{name}";

    public string MakeDirectory(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    public void MakeFile(string name, string content = "")
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content);
    }

    public void MakeLink(string name, string target) => File.CreateSymbolicLink(PathOf(name), target);

    public void Dispose()
    {
        Fd.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
