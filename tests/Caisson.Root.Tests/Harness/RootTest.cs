using System.Diagnostics;
using System.Text;

namespace Caisson.Root.Tests.Harness;

/// <summary>
/// A test of the published binary as root. After each one nothing may be left of it: no mount, cgroup, process, id record,
/// stored directory or network namespace.
/// </summary>
public abstract class RootTest : IDisposable
{
    static int s_count;

    readonly string _name = $"{Host.Mark}-{Interlocked.Increment(ref s_count)}";
    readonly IReadOnlySet<string> _mountsBefore;
    int _bundles;

    protected RootTest()
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("containers are made by root only, and the tests do not run as root");
        }

        Assert.True(File.Exists(Host.Caisson), $"{Host.Caisson} is missing: make publish");
        Scratch = Path.Combine(Path.GetTempPath(), _name);
        Directory.CreateDirectory(Scratch);
        _mountsBefore = Leftovers.Mounts();
    }

    /// <summary>A directory of this test, on the file system of /tmp.</summary>
    protected string Scratch { get; }

    /// <summary>This test's --root.</summary>
    protected string States => $"{Scratch}/states";

    protected static ITestOutputHelper? Output => TestContext.Current.TestOutputHelper;

    /// <summary>A new bundle with the default config.json of <c>caisson spec</c>, without a terminal, changed by the test.</summary>
    private protected Bundle NewBundle(string level, Action<JsonObject>? change = null) =>
        new(this, level, $"{_name}-{++_bundles}", change);

    /// <summary>Runs a command line on the plain level and with this test's --root.</summary>
    private protected CommandResult Caisson(params string[] arguments) => Host.Run(Scratch, CommandLine("plain", arguments));

    private protected string[] CommandLine(string level, params string[] arguments) =>
        [Host.Caisson, "--root", States, "--isolation", level, .. arguments];

    /// <summary>A line for bash on the host; $CAISSON is the command with this test's --root.</summary>
    private protected CommandResult Bash(string script, int seconds = 30) =>
        Host.Run(Scratch, ["bash", "-c", $"CAISSON='{Host.Caisson} --root {States}'; {script}"], seconds: seconds);

    internal (string Scratch, Func<string[], string[]> CommandLine) Access(string level) =>
        (Scratch, arguments => CommandLine(level, arguments));

    /// <summary>What a shell in a new container printed.</summary>
    private protected string Inside(string level, string script, Action<JsonObject>? change = null)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell(script);
            change?.Invoke(config);
        });
        return Succeeded(bundle.Run());
    }

    private protected static string Succeeded(CommandResult result)
    {
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        return result.Output.Trim();
    }

    private protected static void Failed(CommandResult result, string message, int code = 1)
    {
        Assert.True(result.ExitCode == code, $"exit code {result.ExitCode} instead of {code}: {result.Output}{result.Errors}");
        Assert.Contains(message, result.Errors);
    }

    internal static void Eventually(Func<bool> isTrue, string what, int seconds = 10)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.True(clock.Elapsed.TotalSeconds < seconds, $"not within {seconds} s: {what}");
            Thread.Sleep(10);
        }
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Scratch is null)
        {
            return;
        }

        IReadOnlyList<string> left = Leftovers.Await(_name, _mountsBefore);
        CleanUp();
        if (left.Count > 0 && TestContext.Current.TestState?.Result != TestResult.Failed)
        {
            Assert.Fail(new StringBuilder("the test left behind:\n").AppendJoin('\n', left).ToString());
        }
    }

    // Also after a failure in the middle of a test, so that the next one starts clean.
    void CleanUp()
    {
        if (Directory.Exists(States))
        {
            foreach (string state in Directory.GetDirectories(States))
            {
                Caisson("delete", "--force", Path.GetFileName(state));
            }
        }

        Leftovers.Remove(_name);
        Command.Run("rm", ["-rf", "--one-file-system", Scratch]);
    }
}
