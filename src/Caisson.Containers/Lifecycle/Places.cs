using Caisson.Containers.Ids;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Lifecycle;

/// <summary>Where Caisson keeps things, whatever <c>--root</c> an engine gives: shared by all containers of the host.</summary>
/// <param name="Run">Gone with a reboot: id ranges, claims of volumes, compiled filters.</param>
/// <param name="Data">Storage under inner engines.</param>
public sealed record Places(string Run, string Data)
{
    /// <summary>The host ids that containers get, where the host's configuration says.</summary>
    public IdRange? Ids { get; init; }

    public static Places Default { get; } = Find();

    // An ordinary user's are the user's own; so, as runc has it, are those of root of a user namespace that such a user started.
    static Places Find()
    {
        bool isUsers = !Environment.IsPrivilegedProcess
            || (!OwnUserNamespace.IsInitial && Environment.GetEnvironmentVariable("USER") != "root");
        string? run = isUsers ? Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") : null;
        if (string.IsNullOrEmpty(run))
        {
            return new Places("/run/caisson", "/var/lib/caisson");
        }

        string? data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
        data = string.IsNullOrEmpty(data) ? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? run, ".local/share") : data;
        return new Places(Path.Combine(run, "caisson"), Path.Combine(data, "caisson"));
    }

    public string IdRanges => Path.Combine(Run, "ids");

    public string VolumeClaims => Path.Combine(Run, "volumes");

    public string SeccompFilters => Path.Combine(Run, "seccomp");

    /// <summary>The default of <c>--root</c>.</summary>
    public string Containers => Path.Combine(Run, "containers");
}
