using Caisson.Kernel.Files;

namespace Caisson.Containers.Processes;

/// <summary>State and start time from /proc/PID/stat (proc_pid_stat(5)).</summary>
/// <param name="State">R, S, D, Z, T …</param>
/// <param name="StartTime">Clock ticks after boot; with the pid it names a process for good.</param>
public readonly record struct ProcessStat(char State, ulong StartTime)
{
    /// <summary>Ended but not waited for, or being taken down.</summary>
    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>Null where there is no such process.</summary>
    public static ProcessStat? TryRead(int pid)
    {
        try
        {
            return FileText.TryRead($"/proc/{pid}/stat") is { } text ? Parse(text) : null;
        }
        catch (Kernel.KernelException failure) when (failure.Errno == Kernel.Errno.ESRCH)
        {
            return null;
        }
    }

    /// <summary>The command's name, in parentheses, may contain anything: fields are counted after its last one.</summary>
    public static ProcessStat? Parse(string text)
    {
        int end = text.LastIndexOf(')');
        string[] fields = end < 0 ? [] : text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // After pid and (comm) come state, field 3, and starttime, field 22.
        return fields.Length > 19 && ulong.TryParse(fields[19], out ulong start) ? new ProcessStat(fields[0][0], start) : null;
    }
}
