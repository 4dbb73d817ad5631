using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Checkpoint;

/// <summary>CRIU's failures in one line: it says "no", and why stands in its log.</summary>
static class CriuFailure
{
    const string Mark = "Error (";

    // Of CRIU's own limit of open files: it goes on without.
    const string Harmless = "rlimit: Can't setup";
    // An open file's mount is none of the container's.
    const string Outside = "Can't lookup mount=";

    const int LongestLog = 64 * 1024 * 1024;

    public static Exception Of(CriuAnswer answer, string logDirectory, string logName)
    {
        string path = Path.Combine(logDirectory, logName);
        string? reason = TryRead(path) is { } log ? FirstError(log) : null;
        // The first words are runc's.
        string what = $"criu failed: type {Name(answer.Task)} errno {answer.ErrorNumber}{(reason is null ? "" : $": {reason}")} (log file: {path})";
        return reason?.Contains(Outside, StringComparison.Ordinal) == true
            ? new UserError(what, "that file is not the container's: start a container that is to be checkpointed with /dev/null, pipes or a terminal")
            : new ContainerException(what);
    }

    /// <summary>The first line of CRIU's log that tells of an error, without time and pid; null where there is none.</summary>
    public static string? FirstError(ReadOnlySpan<char> log)
    {
        foreach (ReadOnlySpan<char> line in log.EnumerateLines())
        {
            int at = line.IndexOf(Mark, StringComparison.Ordinal);
            if (at >= 0 && !line.Contains(Harmless, StringComparison.Ordinal))
            {
                return line[at..].TrimEnd().ToString();
            }
        }

        return null;
    }

    static string Name(CriuTask task) => task switch { CriuTask.PreDump => "PRE_DUMP", _ => task.ToString().ToUpperInvariant() };

    static string? TryRead(string path)
    {
        try
        {
            using Fd file = OpenAt2.Open(path, OpenFlags.O_RDONLY);
            return Encoding.UTF8.GetString(FileText.ReadBytes(file, path, LongestLog));
        }
        catch (KernelException)
        {
            // The failure itself is told all the same.
            return null;
        }
    }
}
