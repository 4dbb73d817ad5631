namespace Caisson.Containers.Lifecycle;

/// <summary>Where Caisson keeps things, whatever <c>--root</c> an engine gives: shared by all containers of the host.</summary>
/// <param name="Run">Gone with a reboot: id ranges, compiled filters.</param>
/// <param name="Data">Storage under inner engines.</param>
public sealed record Places(string Run, string Data)
{
    public static Places Default { get; } = new("/run/caisson", "/var/lib/caisson");

    public string IdRanges => Path.Combine(Run, "ids");

    public string SeccompFilters => Path.Combine(Run, "seccomp");

    /// <summary>The default of <c>--root</c>.</summary>
    public string Containers => Path.Combine(Run, "containers");
}
