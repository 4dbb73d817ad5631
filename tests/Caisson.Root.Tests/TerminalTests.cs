using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Containers with a terminal: its master goes to the engine's socket, or the command stands in between.</summary>
public sealed class TerminalTests : RootTest
{
    string Socket => $"{Scratch}/tty.sock";

    [Theory, ForEachLevel]
    public void TheConsoleSocket_ReceivesTheMaster(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            Terminal(config);
            config.Process()["consoleSize"] = Config.Json(new { height = 33, width = 111 });
            config.Shell("tty; stty size; ls -l /dev/console; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo three; read x; echo got $x; exit 3");
        });
        using ConsoleReceiver console = new(Socket);

        Succeeded(bundle.Create("--console-socket", Socket));
        console.Accept();
        Assert.Equal((33, 111), console.Size());
        Succeeded(bundle.Start());

        Eventually(() => console.Text.Contains("three"), "the process prints");
        Assert.Contains("/dev/pts/0", console.Text);
        Assert.Contains("33 111", console.Text);
        Assert.Contains("136,", console.Text);
        console.Write("input\n");
        Eventually(() => console.Text.Contains("got input"), "the process reads");
        bundle.WaitFor("stopped");
    }

    [Theory, ForEachLevel]
    public void AnExecWithATerminal_GivesItsMasterToTheSocket(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();
        using (ConsoleReceiver console = new(Socket))
        {
            Succeeded(bundle.Caisson(
                "exec", "-d", "-t", "--console-socket", Socket, bundle.Id, "sh", "-c", "tty; read x; echo got $x; ps -o tty,args"));
            console.Accept();
            console.Write("input\n");

            Eventually(() => console.Text.Contains("got input"), "the process reads");
            Assert.Contains("/dev/pts/0", console.Text);
        }
    }

    [Theory, ForEachLevel]
    public void ATerminalsSignals_ReachTheProcess(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            Terminal(config);
            config.Shell("trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 0.01; done");
        });
        using ConsoleReceiver console = new(Socket);
        Succeeded(bundle.Run("-d", "--console-socket", Socket));
        console.Accept();
        Eventually(() => console.Text.Contains("ready"), "the shell is ready");

        console.Write("\u0003");

        Eventually(() => console.Text.Contains("interrupted"), "the signal arrives");
        bundle.WaitFor("stopped");
    }

    [Theory, ForEachLevel]
    public void AForegroundRun_StandsBetweenBothTerminals(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            Terminal(config);
            config.Shell("tty; stty size; echo last; exit 5");
        });

        CommandResult result = Bash(
            $"script -qec 'stty rows 31 cols 97; {Host.Caisson} --root {States} --isolation {level} run -b {bundle.Directory} {bundle.Id}; echo code $?; stty -a' /dev/null");

        Assert.Contains("/dev/pts/0", result.Output);
        Assert.Contains("31 97", result.Output);
        Assert.Contains("last\r\ncode 5", result.Output);
        // And the outer terminal is left as it was.
        Assert.Contains(" echo ", result.Output.ReplaceLineEndings(" "));
    }

    [Theory, ForEachLevel]
    public void AForegroundExec_StandsBetweenBothTerminals(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();

        CommandResult result = Bash(
            $"script -qec 'stty rows 31 cols 97; {Host.Caisson} --root {States} exec -t {bundle.Id} sh -c \"tty; stty size; exit 5\"; echo code $?' /dev/null");

        Assert.Contains("/dev/pts/0", result.Output);
        Assert.Contains("31 97", result.Output);
        Assert.Contains("code 5", result.Output);
    }

    [Theory, ForEachLevel]
    public void AWindowsNewSize_ArrivesInside(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            Terminal(config);
            config.Shell("trap 'echo resized' WINCH; stty size; until [ \"$(stty size)\" = '20 50' ]; do sleep 0.05; done; stty size");
        });

        CommandResult result = Bash(
            $"script -qec 'stty rows 31 cols 97; (sleep 1; stty rows 20 cols 50 </dev/tty) & {Host.Caisson} --root {States} --isolation {level} run -b {bundle.Directory} {bundle.Id}' /dev/null");

        Assert.Contains("31 97", result.Output);
        Assert.Contains("20 50", result.Output);
        Assert.Contains("resized", result.Output);
    }

    [Theory, ForEachLevel]
    public void ATerminal_BelongsToTheProcessesUser(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            Terminal(config);
            config.Process()["user"] = Config.Json(new { uid = 1000, gid = 1000 });
            config.Shell("stat -c '%u %t' /dev/pts/0; echo hello >/dev/tty; sleep 0.1");
        });
        using ConsoleReceiver console = new(Socket);
        Succeeded(bundle.Run("-d", "--console-socket", Socket));
        console.Accept();

        Eventually(() => console.Text.Contains("hello"), "the process writes to its terminal");
        Assert.Contains("1000 88", console.Text);
    }

    [Fact]
    public void ATerminalWithoutAReceiver_IsAnError()
    {
        using Bundle bundle = NewBundle("plain", Terminal);
        Failed(bundle.Create(), "--console-socket");
        Failed(bundle.Run("-d"), "--console-socket");
        Failed(bundle.Create("--console-socket", $"{Scratch}/nobody"), $"--console-socket '{Scratch}/nobody'");
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");

        bundle.Change(config => config.Process()["terminal"] = false);
        Failed(bundle.Create("--console-socket", Socket), "/process/terminal is false");
    }

    static void Terminal(JsonObject config) => config.Process()["terminal"] = true;
}
