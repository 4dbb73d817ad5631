namespace Caisson.Oci;

public static partial class SpecValidator
{
    // struct winsize has 16 bits for each side.
    const uint LargestConsole = ushort.MaxValue;

    // NGROUPS_MAX of setgroups(2).
    const int MostGroups = 65536;

    static readonly string[] Rlimits =
    [
        "RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_LOCKS", "RLIMIT_MEMLOCK",
        "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_RSS", "RLIMIT_RTPRIO",
        "RLIMIT_RTTIME", "RLIMIT_SIGPENDING", "RLIMIT_STACK",
    ];

    static void CheckProcess(Findings findings, ProcessSpec process, string at)
    {
        if (process.Args is not [var program, ..])
        {
            findings.Error($"{at}/args", "args is missing or empty", "name the program to run");
        }
        else if (program.Length == 0)
        {
            findings.Error($"{at}/args/0", "the program's name is empty", "name the program to run");
        }

        findings.NoNul(process.Args, $"{at}/args");
        findings.Absolute(process.Cwd, $"{at}/cwd", "cwd");
        CheckEnvironment(findings, process.Env, $"{at}/env");
        CheckUser(findings, process.User, $"{at}/user");
        CheckCapabilities(findings, process.Capabilities, $"{at}/capabilities");
        CheckRlimits(findings, process.Rlimits, $"{at}/rlimits");
        CheckScheduling(findings, process, at);
        findings.NoNul(process.ApparmorProfile, $"{at}/apparmorProfile");
        CheckLabel(findings, process.SelinuxLabel, $"{at}/selinuxLabel");
        if (process is { Terminal: true, ConsoleSize: { } size } && Math.Max(size.Height, size.Width) > LargestConsole)
        {
            findings.Error($"{at}/consoleSize", $"a terminal of {size.Height} by {size.Width} is too large",
                $"use at most {LargestConsole} each way");
        }

        if (process.OomScoreAdj is < -1000 or > 1000)
        {
            findings.Error($"{at}/oomScoreAdj", $"oomScoreAdj {process.OomScoreAdj} is out of range",
                "use -1000 to 1000");
        }
    }

    // runc refuses both forms too, in the container's first process.
    static void CheckEnvironment(Findings findings, string[]? entries, string at)
    {
        for (int i = 0; i < entries?.Length; i++)
        {
            if (entries[i].IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                findings.Error($"{at}/{i}", $"'{entries[i]}' is not of the form NAME=value",
                    "write NAME=value, or remove the entry");
            }
        }

        findings.NoNul(entries, at);
    }

    static void CheckUser(Findings findings, User? user, string at)
    {
        if (user is null)
        {
            return;
        }

        CheckId(findings, user.Uid, $"{at}/uid");
        CheckId(findings, user.Gid, $"{at}/gid");
        for (int i = 0; i < user.AdditionalGids?.Length; i++)
        {
            CheckId(findings, user.AdditionalGids[i], $"{at}/additionalGids/{i}");
        }

        if (user.AdditionalGids?.Length > MostGroups)
        {
            findings.Error($"{at}/additionalGids", "too many groups", $"list at most {MostGroups}");
        }
    }

    // (uid_t)-1 means "leave as it is" to setresuid(2): the process would stay root.
    static void CheckId(Findings findings, uint id, string at)
    {
        if (id == uint.MaxValue)
        {
            findings.Error(at, $"{id} is not an id", "use 0 to 4294967294");
        }
    }

    static void CheckRlimits(Findings findings, PosixRlimit[]? limits, string at)
    {
        for (int i = 0; i < limits?.Length; i++)
        {
            PosixRlimit limit = limits[i];
            findings.OneOf(limit.Type, Rlimits, $"{at}/{i}/type", "limit");
            if (limit.Soft > limit.Hard)
            {
                findings.Error($"{at}/{i}/soft", $"soft limit {limit.Soft} is above the hard limit {limit.Hard}",
                    "lower soft or raise hard");
            }

            int first = Array.FindIndex(limits, other => other.Type == limit.Type);
            if (first < i)
            {
                findings.Error($"{at}/{i}/type", $"{limit.Type} is already set by entry {first}", "keep one of them");
            }
        }
    }
}
