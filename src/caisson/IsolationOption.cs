using Caisson.Containers;

namespace Caisson.Cli;

/// <summary>The level that a new container gets: the flag, else the name that the program was called by.</summary>
static class IsolationOption
{
    public static Isolation Of(string? flag, string calledBy) => flag switch
    {
        "plain" => Isolation.Plain,
        "system" => Isolation.System,
        "vm" => throw new UserError("--isolation=vm is not built in yet", "use --isolation=system"),
        null => Path.GetFileName(calledBy) == "caisson-plain" ? Isolation.Plain : Isolation.System,
        _ => throw new UsageException($"--isolation is plain or system, not \"{flag}\""),
    };
}
