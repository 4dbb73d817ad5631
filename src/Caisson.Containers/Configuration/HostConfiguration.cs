using Caisson.Containers.Ids;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Options;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Configuration;

/// <summary>What /etc/caisson/config.json says: values by the keys of <see cref="ConfigurationTable"/>, none for what it leaves out.</summary>
public sealed class HostConfiguration(IReadOnlyDictionary<ConfigurationKey, string> values)
{
    public static HostConfiguration Empty { get; } = new(new Dictionary<ConfigurationKey, string>());

    /// <summary>Where there is no file, nothing is set.</summary>
    /// <exception cref="SpecException">All that is wrong with it.</exception>
    public static HostConfiguration Load(string path) =>
        FileText.TryRead(path) is { } text ? ConfigurationReader.Parse(path, text) : Empty;

    public string? ValueOf(ConfigurationKey key) => values.GetValueOrDefault(key);

    /// <summary>Null where the file does not say.</summary>
    public IdRange? Ids => ValueOf(ConfigurationTable.FirstId) is { } start && ValueOf(ConfigurationTable.IdCount) is { } count
        ? new IdRange(uint.Parse(start), uint.Parse(count))
        : null;

    public Places Over(Places usual) => usual with { Data = ValueOf(ConfigurationTable.Data) ?? usual.Data, Ids = Ids };

    /// <summary>
    /// A spec with annotations for the options that the host sets and nobody else does, so that they are part of the container's state
    /// whatever becomes of the file.
    /// </summary>
    public Spec Complete(Spec spec)
    {
        Dictionary<string, string> annotations = new(spec.Annotations ?? new Dictionary<string, string>());
        foreach (ContainerOption option in OptionTable.ForHosts)
        {
            ConfigurationKey key = ConfigurationTable.All.First(key => key.Name == ConfigurationTable.OptionsPrefix + option.Name);
            if (ValueOf(key) is { } value && !ContainerOptions.IsGiven(spec, option))
            {
                annotations[option.Annotation] = value;
            }
        }

        return annotations.Count == (spec.Annotations?.Count ?? 0) ? spec : spec with { Annotations = annotations };
    }
}
