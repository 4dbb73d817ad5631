using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Checkpoint;

/// <summary>A test with sid's CRIU in PATH, and an image directory of its own.</summary>
public abstract class CheckpointTest : RootTest
{
    static readonly Lazy<string> s_criu = new(() => Succeeded(Command.Run(SourceTree.PathOf("tests/environment/criu"), [], seconds: 1800)));

    /// <summary>A directory with bin/criu.</summary>
    public static string Criu => s_criu.Value;

    protected string Image => $"{Scratch}/image";

    /// <summary>PATH with CRIU, and with programs that it calls.</summary>
    protected static string SearchPath => $"{Criu}/bin:{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>
    /// A running plain container. What it was started with must not be files of the test: an image would have no place for them.
    /// </summary>
    private protected Bundle Launch(Action<JsonObject> change)
    {
        Bundle bundle = NewBundle("plain", change);
        Succeeded(Bash($"$CAISSON --isolation=plain run -d -b {bundle.Directory} {bundle.Id} </dev/null >/dev/null 2>&1"));
        return bundle;
    }

    private protected CommandResult Checkpoint(Bundle bundle, params string[] options) =>
        WithCriu("plain", ["checkpoint", "--image-path", Image, .. options, bundle.Id]);

    private protected CommandResult Restore(Bundle bundle, params string[] options) =>
        WithCriu("plain", ["restore", "--image-path", Image, "-b", bundle.Directory, .. options, bundle.Id]);

    private protected CommandResult WithCriu(string level, params string[] arguments) => Host.Run(Scratch, CommandLineWithCriu(level, arguments));

    private protected string[] CommandLineWithCriu(string level, params string[] arguments) =>
        ["env", $"PATH={SearchPath}", .. CommandLine(level, arguments)];

    /// <summary>The container is gone as after a delete: its state, its processes, its cgroup.</summary>
    private protected static void AssertGone(Bundle bundle, int pid)
    {
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
        // A zombie has none; whose child it was may take its time.
        Assert.Equal("", Directory.Exists($"/proc/{pid}") ? File.ReadAllText($"/proc/{pid}/cmdline") : "");
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), one => Directory.Exists($"{one}/{bundle.Id}"));
    }
}
