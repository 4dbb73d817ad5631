namespace Caisson.Benchmarks;

/// <summary>The names of what is measured, as the report and the budgets have them.</summary>
static class Groups
{
    public const string Run = "run";
    public const string Exec = "exec";
    public const string Create = "create";
    public const string Start = "start";
    public const string Delete = "delete";
    public const string Memory = "run, peak memory";
    public const string Size = "binary size";
    public const string FirstRead = "exec of cat /proc/uptime";
    public const string IdleMemory = "memory of an idle monitor";
    public const string IdleSwitches = "wake-ups of idle monitors in 5 s";
    public const string Docker = "docker run --rm";
    public const string Nested = "docker run to inner docker ps";
    public const string Inner = "inner docker run";

    /// <summary>Ends the name of what was measured with all processes on one processor.</summary>
    public const string OneProcessor = ", one processor";

    public static string Read(string path) => $"read {path}";

    public static string Write(string path) => $"write {path}";

    public static string Mount(string type) => $"mount {type}";
}
