using System.Globalization;
using Caisson.Containers.Ids;
using Caisson.Containers.Rootfs;
using Caisson.Oci;

namespace Caisson.Containers.Options;

/// <summary>What a system container was asked for: by annotations of its spec, else by variables of its process.</summary>
public sealed record ContainerOptions
{
    public const string AnnotationPrefix = "io.caisson.";
    public const string VariablePrefix = "CAISSON_";

    const string SysboxPrefix = "SYSBOX_";

    // What is left of the range that all containers share must still be of use to others.
    const uint MostIds = 1 << 27;

    public bool HasView { get; private init; } = true;

    public uint Ids { get; private init; } = IdRangePlanner.DefaultSize;

    /// <summary>The spec's capabilities count, instead of all.</summary>
    public bool HonorsCapabilities { get; private init; }

    /// <summary>Clean paths.</summary>
    public IReadOnlyList<string> Unmapped { get; private init; } = [];

    /// <summary>Clean paths.</summary>
    public IReadOnlyList<string> Mapped { get; private init; } = [];

    /// <summary>Bytes; null for no limit.</summary>
    public ulong? DiskSize { get; private init; }

    /// <summary>Null for no limit.</summary>
    public ulong? DiskInodes { get; private init; }

    /// <exception cref="UserError">A name that is not known, or a value that does not fit.</exception>
    /// <param name="spec">With its process.</param>
    /// <param name="warn">Told of what has no effect.</param>
    public static ContainerOptions Read(Spec spec, Action<string> warn)
    {
        IReadOnlyDictionary<string, string> annotations = spec.Annotations ?? new Dictionary<string, string>();
        Dictionary<string, string> variables = Variables(spec.Process?.Env ?? []);
        RequireKnown(annotations.Keys, AnnotationPrefix, option => option.Annotation, "annotation");
        RequireKnown(variables.Keys, VariablePrefix, option => option.Variable, "variable");
        CheckSysbox(variables.Keys, warn);
        string? Given(ContainerOption option, out string name) => Find(annotations, variables, option, out name);
        return new ContainerOptions
        {
            HasView = Given(OptionTable.View, out string view) switch { null or "on" => true, "off" => false, var value => throw Unfit(OptionTable.View, view, value) },
            Ids = Given(OptionTable.Ids, out string ids) switch
            {
                null => IdRangePlanner.DefaultSize,
                var value when uint.TryParse(value, out uint range) && range is >= IdRangePlanner.DefaultSize and <= MostIds => range,
                var value => throw Unfit(OptionTable.Ids, ids, value),
            },
            HonorsCapabilities = Given(OptionTable.Capabilities, out string capabilities) switch
            {
                null or "all" => false,
                "spec" => true,
                var value => throw Unfit(OptionTable.Capabilities, capabilities, value),
            },
            DiskSize = Given(OptionTable.DiskSize, out string size) switch
            {
                null => null,
                var value when ByteSize.TryParse(value) is > 0 and { } bytes => (ulong)bytes,
                var value => throw Unfit(OptionTable.DiskSize, size, value),
            },
            DiskInodes = Given(OptionTable.DiskInodes, out string inodes) switch
            {
                null => null,
                var value when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint count) && count > 0 => count,
                var value => throw Unfit(OptionTable.DiskInodes, inodes, value),
            },
            Unmapped = Paths(spec, OptionTable.Unmapped, Given(OptionTable.Unmapped, out string unmapped), unmapped),
            Mapped = Paths(spec, OptionTable.Mapped, Given(OptionTable.Mapped, out string mapped), mapped),
        };
    }

    /// <summary>By an annotation, a variable, or Sysbox's variable.</summary>
    public static bool IsGiven(Spec spec, ContainerOption option)
    {
        Dictionary<string, string> variables = Variables(spec.Process?.Env ?? []);
        return spec.Annotations?.ContainsKey(option.Annotation) == true
            || variables.ContainsKey(option.Variable)
            || (option.Sysbox is { } sysbox && variables.ContainsKey(sysbox.Variable));
    }

    static Dictionary<string, string> Variables(string[] environment)
    {
        Dictionary<string, string> variables = [];
        foreach (string entry in environment)
        {
            int equals = entry.IndexOf('=');
            if (equals > 0 && (entry.StartsWith(VariablePrefix, StringComparison.Ordinal) || entry.StartsWith(SysboxPrefix, StringComparison.Ordinal)))
            {
                // Of several the last one counts, as for programs.
                variables[entry[..equals]] = entry[(equals + 1)..];
            }
        }

        return variables;
    }

    static void RequireKnown(IEnumerable<string> names, string prefix, Func<ContainerOption, string> nameOf, string what)
    {
        foreach (string name in names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (!OptionTable.All.Any(option => nameOf(option) == name))
            {
                throw new UserError(
                    $"the {what} {name} is not known", $"those that are: {string.Join(", ", OptionTable.All.Select(nameOf))}");
            }
        }
    }

    static void CheckSysbox(IEnumerable<string> names, Action<string> warn)
    {
        foreach (string name in names.Where(name => name.StartsWith(SysboxPrefix, StringComparison.Ordinal)))
        {
            if (!OptionTable.All.Any(option => option.Sysbox?.Variable == name))
            {
                string reason = OptionTable.WithoutEffect.FirstOrDefault(known => known.Variable == name)?.Reason ?? "it is not known";
                warn($"the variable {name} has no effect: {reason}, ignoring");
            }
        }
    }

    static string? Find(
        IReadOnlyDictionary<string, string> annotations, Dictionary<string, string> variables, ContainerOption option, out string name)
    {
        name = option.Annotation;
        if (annotations.TryGetValue(name, out string? value) || variables.TryGetValue(name = option.Variable, out value))
        {
            return value;
        }

        if (option.Sysbox is { } sysbox && variables.TryGetValue(sysbox.Variable, out value))
        {
            name = sysbox.Variable;
            return sysbox.Translate(value) ?? throw new UserError($"{name} is TRUE or FALSE, not \"{value}\"", $"or use the annotation {option.Annotation}");
        }

        return null;
    }

    static UserError Unfit(ContainerOption option, string name, string value) =>
        new($"{name} {option.Misfit(value)}", $"see docs/options.md, \"{option.Name}\"");

    static string[] Paths(Spec spec, ContainerOption option, string? value, string name)
    {
        string[] paths = value is null ? [] : [.. value.Split(',').Select(path => path.StartsWith('/') ? MountPlanner.Clean(path) : throw Unfit(option, name, value))];
        foreach (string path in paths)
        {
            if (!(spec.Mounts ?? []).Any(mount => MountPlanner.Clean(mount.Destination) == path))
            {
                throw new UserError($"{name}: nothing is mounted on {path}", "give the path inside of one of the container's bind mounts");
            }
        }

        return paths;
    }
}
