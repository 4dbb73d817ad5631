using System.Collections.Immutable;
using Caisson.Containers.Ids;
using Caisson.Containers.Options;

namespace Caisson.Containers.Configuration;

/// <summary>All that can be set for the whole host (docs/configuration.md and `caisson config schema` are made from this).</summary>
public static class ConfigurationTable
{
    public const string UsualPlace = "/etc/caisson/config.json";

    public static ConfigurationKey Data { get; } = new(
        "data", ConfigurationKind.Path, "an absolute path", "/var/lib/caisson",
        "Where storage under inner engines lies. It should be on the file system of the engine's own data: then it is renamed at start and stop, else copied. "
        + "Change it while no system container runs.");

    public static ConfigurationKey FirstId { get; } = new(
        "ids.start", ConfigurationKind.Number, "a number from 65536", $"{IdRangePlanner.DefaultStart}",
        "The first host id that containers get. Comes before an entry of `caisson` in /etc/subuid.");

    public static ConfigurationKey IdCount { get; } = new(
        "ids.count", ConfigurationKind.Number, "a number from 65536", $"{IdRangePlanner.DefaultEnd - IdRangePlanner.DefaultStart}",
        "How many there are, for all containers that run at a time; 65,536 for each one is usual.");

    public static ImmutableArray<ConfigurationKey> All { get; } = [Data, FirstId, IdCount, .. OptionTable.ForHosts.Select(ConfigurationKey.Of)];

    /// <summary>Null where the name is an object's, or not known.</summary>
    public static ConfigurationKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);

    /// <summary>The members that an object may have.</summary>
    /// <param name="prefix">Its name and a dot; empty for the whole document.</param>
    public static IEnumerable<string> MembersOf(string prefix) =>
        All.Where(key => key.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key.Name[prefix.Length..].Split('.')[0]).Distinct();
}
