using Caisson.Kernel.Processes;

namespace Caisson.Cli.Monitor;

/// <summary>Lines in the log of a container's monitor, which is its standard error: as many as tell what is wrong, no more.</summary>
static class MonitorLog
{
    // What a container does may cause them.
    const int Limit = 200;

    static int _lines;

    public static void Write(string line)
    {
        int number = Interlocked.Increment(ref _lines);
        if (number <= Limit)
        {
            Log.Tell($"{UtcTime.Now(digits: 3)} {Environment.ProcessId} {line}", null);
        }
    }
}
