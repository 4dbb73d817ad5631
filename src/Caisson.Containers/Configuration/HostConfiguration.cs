using Caisson.Containers.Ids;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Options;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Configuration;

/// <summary>What /etc/caisson/config.json says: values by the keys of <see cref="ConfigurationTable"/>, none for what it leaves out.</summary>
public sealed class HostConfiguration(IReadOnlyDictionary<ConfigurationKey, string> values)
{
    /// <summary>Of a host without a file.</summary>
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

    // The table is not even made for a host that sets nothing, as most do: every create comes by.
    public Places Over(Places usual) => values.Count == 0 ? usual : usual with { Data = ValueOf(ConfigurationTable.Data) ?? usual.Data, Ids = Ids };

    /// <summary>
    /// A spec with annotations for the options that the host sets and nobody else does, so that they are part of the container's state
    /// whatever becomes of the file.
    /// </summary>
    public Spec Complete(Spec spec)
    {
        Dictionary<string, string>? annotations = null;
        foreach ((ConfigurationKey key, string value) in values)
        {
            if (key.Option is { } option && !ContainerOptions.IsGiven(spec, option))
            {
                annotations ??= new(spec.Annotations ?? new Dictionary<string, string>());
                annotations[option.Annotation] = value;
            }
        }

        return annotations is null ? spec : spec with { Annotations = annotations };
    }
}
