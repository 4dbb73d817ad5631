using Caisson.Root.Tests.Docker;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Nesting;

/// <summary>A system container whose Docker has the runtimes caisson and caisson-plain, too.</summary>
static class NestedOuter
{
    /// <summary>Its Docker is ready, with the image "bb".</summary>
    public static Outer StartNested(this Outer outer, DockerEngine engine, string suite, params string[] options)
    {
        string configuration = $"{engine.Scratch}/nested.json";
        File.WriteAllText(configuration, """
            {"runtimes": {"caisson": {"path": "/opt/caisson/caisson"}, "caisson-plain": {"path": "/opt/caisson/caisson-plain"}}}
            """);
        string binaries = Path.GetDirectoryName(Host.Caisson)!;
        return outer
            .Start(engine.DockerOf(suite), ["-v", $"{binaries}:/opt/caisson:ro", "-v", $"{configuration}:/etc/docker/daemon.json:ro", .. options])
            .ImportBusybox();
    }

    /// <summary>The container's own root file system as an image for its Docker: "dind".</summary>
    public static void ImportItself(this Outer outer) => outer.Inside(
        "tar -C / -c --one-file-system --exclude='./run/*' . 2>/dev/null"
        + " | docker import -c 'ENTRYPOINT [\"/usr/local/bin/start-docker\"]' -c 'CMD [\"sleep\",\"1000\"]' - dind");
}
