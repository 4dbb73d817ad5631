namespace Caisson.Cli.Commands;

/// <summary>The two processes of a container's monitor; each is given the number of a socket.</summary>
static class MonitorCommand
{
    public static Command Holder { get; } = new(
        "monitor", "SOCKET", "hold what a container's view hangs on", [], invocation => Monitor.Holder.Run(Socket(invocation)))
    {
        IsHidden = true,
    };

    public static Command Worker { get; } = new(
        "monitor-worker", "SOCKET", "serve a container's view", [], invocation => Monitor.Worker.Run(Socket(invocation)))
    {
        IsHidden = true,
    };

    static int Socket(Invocation invocation) =>
        int.TryParse(invocation.Line.Only("a socket"), out int number) && number > 2 ? number : throw new UsageException("a descriptor's number is expected");
}
