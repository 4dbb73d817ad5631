using System.Text;
using System.Text.Json;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Checkpoint;

/// <summary>The directory of an image: CRIU's files, and one that runc keeps there, too.</summary>
static class ImageDirectory
{
    /// <summary>The links of descriptors 0 to 2: pipes among them are the outside's.</summary>
    public const string Descriptors = "descriptors.json";

    const string Pipe = "pipe:";
    const uint Private = 0x1C0; // 0700
    const int LongestList = 64 * 1024;

    /// <summary>It may be there already.</summary>
    public static Fd Make(string path)
    {
        Directories.MakeAll(path, Private);
        return OpenAt2.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
    }

    public static Fd Open(string path)
    {
        Errno errno = OpenAt2.TryOpen(Fd.CurrentDirectory, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? directory);
        return errno == Errno.None
            ? directory!
            : throw NotAnImage(path, errno);
    }

    /// <summary>What descriptors 0 to 2 of this process are.</summary>
    public static IReadOnlyList<string> OwnDescriptors() =>
        [.. Enumerable.Range(0, 3).Select(number => Nodes.TryReadLink(Fd.CurrentDirectory, $"/proc/self/fd/{number}") ?? "")];

    public static byte[] Write(IReadOnlyList<string> descriptors) => Encoding.UTF8.GetBytes(
        $"[{string.Join(',', descriptors.Select(one => $"\"{JsonEncodedText.Encode(one)}\""))}]");

    /// <summary>The pipes among them, with the number of the descriptor that leads to each.</summary>
    public static IReadOnlyList<(string Name, int Number)> ReadPipes(string path)
    {
        using Fd images = Open(path);
        Errno errno = OpenAt2.TryOpen(images, Descriptors, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? opened);
        using Fd file = errno == Errno.None ? opened! : throw NotAnImage($"{path}/{Descriptors}", errno);
        try
        {
            OciReader json = new(FileText.ReadBytes(file, Descriptors, LongestList), stackalloc char[OciReader.LongestName]);
            string[] names = json.Texts() ?? [];
            json.End();
            return [.. names.Take(3).Index().Where(one => one.Item.Contains(Pipe, StringComparison.Ordinal)).Select(one => (one.Item, one.Index))];
        }
        catch (JsonException failure)
        {
            throw new ContainerException($"{Descriptors} is damaged", failure);
        }
    }

    static UserError NotAnImage(string path, Errno errno) => new(
        $"--image-path: open '{path}': {errno.Describe()}", "name the directory that `caisson checkpoint --image-path` has written");
}
