using System.Text.Json;
using Caisson.Containers.Rootfs;
using Caisson.Oci;

namespace Caisson.Containers.Storage;

/// <summary>Which directories of a container get storage of their own; pure.</summary>
public static class InnerStoragePlanner
{
    const string DockerConfiguration = "/etc/docker/daemon.json";
    const int LongestPath = 4095;

    static readonly string[] KernelFileSystems = ["/proc", "/sys", "/dev"];

    /// <summary>
    /// One entry a kind, but none where the user mounts anything at, above or below the path: covering a user's volume would
    /// hide what it holds, and what the container then writes would be lost to it.
    /// </summary>
    /// <param name="storageRoot">Usually /var/lib/caisson.</param>
    /// <param name="home">The overlay's upper directory, or the root file system where that is no overlay; empty for neither.</param>
    /// <param name="readImageFile">The text of a file of the image, null where it does not exist.</param>
    public static IReadOnlyList<StorageEntry> Plan(
        Spec spec, string containerId, string storageRoot, string home, Func<string, string?> readImageFile)
    {
        List<string> taken = [.. (spec.Mounts ?? []).Select(mount => MountPlanner.Clean(mount.Destination))];
        string layer = home.TrimEnd('/');
        List<StorageEntry> entries = [];
        foreach (StorageKind kind in StorageKinds.All)
        {
            string path = kind.Name == StorageKinds.Docker ? DataRoot(readImageFile(DockerConfiguration)) ?? kind.Path : kind.Path;
            if (!taken.Exists(mount => Overlap(mount, path)))
            {
                entries.Add(new StorageEntry(
                    kind.Name, path, $"{storageRoot}/{kind.Name}/{containerId}", home.Length == 0 ? "" : layer + path));
            }
        }

        return entries;
    }

    static bool Overlap(string one, string other) => MountPlanner.IsBelow(one, other) || MountPlanner.IsBelow(other, one);

    // dockerd reads the file strictly and does not start with a malformed one, so there is nothing to guess in it. The image's
    // author writes it: a path is only taken where storage of ours can do no harm.
    static string? DataRoot(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            // dockerd accepts a byte order mark, the parser does not.
            using JsonDocument document = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("data-root", out JsonElement value)
                && value.ValueKind == JsonValueKind.String
                && IsFit(value.GetString()!)
                ? value.GetString()
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half of a surrogate pair is no text.
            return null;
        }
    }

    static bool IsFit(string path) =>
        path.Length is > 1 and <= LongestPath
        && path[0] == '/'
        && !path.Contains('\0')
        && MountPlanner.Clean(path) == path
        && !Array.Exists(KernelFileSystems, directory => MountPlanner.IsBelow(path, directory))
        // Below another kind's path it has real storage already; above one, the two would be nested.
        && StorageKinds.All.All(kind => kind.Name == StorageKinds.Docker || !Overlap(path, kind.Path));
}
