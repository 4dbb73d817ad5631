using System.Text.RegularExpressions;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Checkpoint;

/// <summary>Plain containers that are written to an image and go on out of it.</summary>
public sealed partial class CheckpointTests : CheckpointTest
{
    // A word that only its memory has, and a number that only grows.
    const string Counter = "word=$(cat /proc/sys/kernel/random/uuid); i=0; while :; do i=$((i+1)); echo $i $word >/count; sleep 0.02; done";

    [Fact]
    public void ARestoredProcess_GoesOnWithItsMemory_AgainAndAgain()
    {
        using Bundle bundle = Launch(config =>
        {
            config.Shell(Counter);
            config.Linux()["resources"]!["pids"] = Config.Json(new { limit = 77 });
        });
        string word = Await(bundle, after: 0).Word;
        for (int round = 0; round < 2; round++)
        {
            int pid = bundle.Pid;
            Succeeded(Checkpoint(bundle));
            AssertGone(bundle, pid);
            (int number, _) = Read(bundle);
            File.Delete($"{bundle.Rootfs}/count");

            Succeeded(Restore(bundle, "-d", "--pid-file", $"{Scratch}/pid"));

            Assert.Equal((word, bundle.Pid), (Await(bundle, after: number).Word, int.Parse(File.ReadAllText($"{Scratch}/pid"))));
            Assert.Equal("running", bundle.Status);
            Assert.Contains("inet 127.0.0.1/8", bundle.Shell("ip address show dev lo"));
        }

        Assert.All(File.ReadAllLines($"/proc/{bundle.Pid}/cgroup"), line => Assert.EndsWith($"/{bundle.Id}", line));
        Assert.Contains("77", bundle.Caisson("events", "--stats", bundle.Id).Output);
        Assert.False(Directory.Exists($"{States}/{bundle.Id}/criu-root"));
    }

    [Fact]
    public void WithLeaveRunning_TheProcessGoesOn_AndTheImageCanBeRestoredLater()
    {
        using Bundle bundle = Launch(config => config.Shell(Counter));
        string word = Await(bundle, after: 0).Word;

        Succeeded(Checkpoint(bundle, "--leave-running", "--work-path", $"{Scratch}/logs"));

        Assert.Equal("running", bundle.Status);
        Assert.True(File.Exists($"{Scratch}/logs/dump.log"));
        Await(bundle, after: Read(bundle).Number);
        Succeeded(bundle.Delete("--force"));
        File.Delete($"{bundle.Rootfs}/count");
        Succeeded(Restore(bundle, "-d"));
        Assert.Equal(word, Await(bundle, after: 0).Word);
    }

    [Fact]
    public void APreDump_LeavesTheProcessRunning_OrSaysWhatTheKernelLacks()
    {
        using Bundle bundle = Launch(config => config.Shell(Counter));
        bool isPossible = Host.Run(Scratch, ["env", $"PATH={SearchPath}", "criu", "check", "--feature", "mem_dirty_track"]).ExitCode == 0;

        CommandResult result = Checkpoint(bundle, "--pre-dump");

        if (isPossible)
        {
            Succeeded(result);
            Succeeded(WithCriu("plain", "checkpoint", "--image-path", $"{Scratch}/second", "--parent-path", "../image", bundle.Id));
        }
        else
        {
            Failed(result, "criu is missing features: MemTrack");
            Assert.Equal("running", bundle.Status);
        }
    }

    [Fact]
    public void ARestoreInTheForeground_EndsWithTheProcessesCode()
    {
        using Bundle bundle = Launch(config => config.Shell("while [ ! -e /end ]; do sleep 0.02; done; exit 7"));
        Succeeded(Checkpoint(bundle));
        Running restore = Host.Start(Scratch, CommandLineWithCriu("plain", "restore", "--image-path", Image, "-b", bundle.Directory, bundle.Id));
        Eventually(() => bundle.Caisson("state", bundle.Id) is { ExitCode: 0 } state && state.Output.Contains("running"), "the container runs");

        File.WriteAllText($"{bundle.Rootfs}/end", "");

        Assert.Equal(7, restore.Wait().ExitCode);
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Fact]
    public void PipesAmongTheStreams_AreTheRestoringCommands()
    {
        using Bundle bundle = NewBundle("plain", config => config.Shell("read x; echo got $x"));
        Succeeded(Bash($"""
            exec 5< <(sleep 30); writer=$!
            $CAISSON --isolation=plain run -d -b {bundle.Directory} {bundle.Id} <&5 2>/dev/null | cat >/dev/null &
            until $CAISSON state {bundle.Id} | grep -q running; do sleep 0.02; done
            PATH={SearchPath} $CAISSON checkpoint --image-path {Image} {bundle.Id} || exit
            kill $writer
            """));
        Assert.Equal(2, PipePattern().Count(File.ReadAllText($"{Image}/descriptors.json")));

        string output = Succeeded(Bash($"echo word | PATH={SearchPath} $CAISSON --isolation=plain restore -d --image-path {Image} -b {bundle.Directory} {bundle.Id} | cat"));

        Assert.Equal("got word", output);
    }

    [Fact]
    public void ATerminalsMaster_GoesToTheSocketAgain()
    {
        string socket = $"{Scratch}/tty.sock";
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Process()["terminal"] = true;
            config.Shell("echo ready; while read x; do echo got $x; done");
        });
        using (ConsoleReceiver first = new(socket))
        {
            Succeeded(bundle.Run("-d", "--console-socket", socket));
            first.Accept();
            Eventually(() => first.Text.Contains("ready"), "the process prints");
            Succeeded(Checkpoint(bundle));
        }

        File.Delete(socket);
        using ConsoleReceiver second = new(socket);

        Succeeded(Restore(bundle, "-d", "--console-socket", socket));

        second.Accept();
        second.Write("input\n");
        Eventually(() => second.Text.Contains("got input"), "the restored process reads");
        Succeeded(bundle.Kill("KILL"));
        bundle.WaitFor("stopped");
    }

    (int Number, string Word) Await(Bundle bundle, int after)
    {
        Eventually(() => File.Exists($"{bundle.Rootfs}/count") && Read(bundle).Number > after, $"the process counts on from {after}");
        return Read(bundle);
    }

    // The file may be read between its truncation and the next number.
    static (int Number, string Word) Read(Bundle bundle)
    {
        string[] words = File.ReadAllText($"{bundle.Rootfs}/count").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2 ? (int.Parse(words[0]), words[1]) : (0, "");
    }

    [GeneratedRegex("pipe:")]
    private static partial Regex PipePattern();
}
