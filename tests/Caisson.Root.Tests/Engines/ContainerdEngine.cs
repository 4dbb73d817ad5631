using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Engines;

/// <summary>
/// A private containerd of one suite with the image "bb": one static busybox that sleeps. Its CRI plugin has the runtime
/// handlers "caisson" and "plain". Fails at its end if anything of its containers is left.
/// </summary>
public abstract class ContainerdEngine : IDisposable
{
    public const string Image = "docker.io/library/bb:1";

    readonly string _scratch = Path.Combine(Path.GetTempPath(), $"{Host.Mark}-ctr-{Guid.NewGuid().ToString("N")[..6]}");

    protected ContainerdEngine(string suite)
    {
        if (Environment.UserName != "root")
        {
            return;
        }

        Directory.CreateDirectory(_scratch);
        Plain = Path.Combine(Path.GetDirectoryName(Host.Caisson)!, "caisson-plain");
        File.Delete(Plain);
        File.CreateSymbolicLink(Plain, "caisson");
        string image = Host.Tool(_scratch, "image-oci", 120);
        Busybox = Host.Tool(_scratch, "image-busybox", 120);
        Docker = Host.Tool(_scratch, "rootfs-engines", 900, "sid");
        // The first time the suite's packages are fetched.
        Host.Tool(
            _scratch, "containerd-start", 900, Place, "--suite", suite, "--runtime", $"caisson={Host.Caisson}", "--runtime", $"plain={Plain}",
            "--bind", image, "--bind", Busybox, "--bind", Docker, "--bind", _scratch);
        Cgroup = Succeeded("printenv", "CONTAINERD_NAMESPACE");
        foreach (string space in (string[])[Cgroup, "k8s.io"])
        {
            Succeeded("ctr", "-n", space, "image", "import", image);
        }
    }

    /// <summary>Everything of containerd's.</summary>
    public string Place => $"{_scratch}/d";

    /// <summary>A directory that containerd sees, too.</summary>
    public string Scratch => _scratch;

    /// <summary>The program by the name that makes it plain.</summary>
    public string Plain { get; } = "";

    /// <summary>An image for a Docker in a pod.</summary>
    public string Busybox { get; } = "";

    /// <summary>Docker's files, of sid.</summary>
    public string Docker { get; } = "";

    /// <summary>Below which all containers' cgroups are to be.</summary>
    public string Cgroup { get; } = "";

    /// <summary>Runs a program with containerd's files and network.</summary>
    internal CommandResult Try(params string[] command) =>
        Host.Run(_scratch, [SourceTree.PathOf("tests/environment/containerd-exec"), Place, .. command], seconds: 60);

    /// <summary>What a program there prints; it must succeed.</summary>
    public string Succeeded(params string[] command)
    {
        CommandResult result = Try(command);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: exit code {result.ExitCode}: {result.Errors}{result.Output}");
        return result.Output.Trim();
    }

    /// <summary>containerd ends and starts again; its containers run on.</summary>
    public void Restart() => Host.Tool(_scratch, "containerd-restart", 60, Place);

    public void Dispose()
    {
        if (Environment.UserName == "root")
        {
            Host.Tool(_scratch, "containerd-stop", 120, Place);
            Directory.Delete(_scratch, recursive: true);
            Assert.DoesNotContain(_scratch, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>containerd 1.6.</summary>
public sealed class ContainerdOfBookworm() : ContainerdEngine("bookworm");

/// <summary>containerd 1.7.</summary>
public sealed class ContainerdOfTrixie() : ContainerdEngine("trixie");

/// <summary>containerd 2.</summary>
public sealed class ContainerdOfSid() : ContainerdEngine("sid");

[CollectionDefinition]
public sealed class OnContainerdOfBookworm : ICollectionFixture<ContainerdOfBookworm>;

[CollectionDefinition]
public sealed class OnContainerdOfTrixie : ICollectionFixture<ContainerdOfTrixie>;

[CollectionDefinition]
public sealed class OnContainerdOfSid : ICollectionFixture<ContainerdOfSid>;
