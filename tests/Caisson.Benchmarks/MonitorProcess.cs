using System.Globalization;

namespace Caisson.Benchmarks;

/// <summary>A holder or a worker, found without asking <c>caisson inspect</c>, which would start a worker.</summary>
/// <param name="Log">The file that it reports to, which tells whose it is.</param>
sealed record MonitorProcess(int Pid, string Log)
{
    /// <summary>Those of all containers that have their states below a directory.</summary>
    public static IReadOnlyList<MonitorProcess> Below(string states) =>
    [
        .. from directory in Directory.EnumerateDirectories("/proc")
           let pid = int.TryParse(Path.GetFileName(directory), out int number) ? number : 0
           where pid > 0
           let log = LogOf(pid)
           where log.StartsWith($"{states}/", StringComparison.Ordinal) && log.EndsWith("/monitor.log", StringComparison.Ordinal)
           select new MonitorProcess(pid, log),
    ];

    /// <summary>How often its threads have been switched to and from: none wakes up without that.</summary>
    public long Switches() => Directory.EnumerateDirectories($"/proc/{Pid}/task")
        .SelectMany(thread => File.ReadLines($"{thread}/status"))
        .Where(line => line.Contains("ctxt_switches:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture));

    /// <summary>Proportional set size in bytes: pages that several processes map count for each by its share.</summary>
    public long Memory() => 1024 * File.ReadLines($"/proc/{Pid}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));

    static string LogOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").StartsWith("caisson-", StringComparison.Ordinal)
                ? new FileInfo($"/proc/{pid}/fd/2").LinkTarget ?? "" : "";
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
