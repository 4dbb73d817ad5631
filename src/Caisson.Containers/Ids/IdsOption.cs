using Caisson.Oci;

namespace Caisson.Containers.Ids;

/// <summary>How many ids a system container wants: more than usual where users inside have subordinate ids of their own.</summary>
static class IdsOption
{
    const string Annotation = "io.caisson.ids";
    const string Variable = "CAISSON_IDS=";

    // What is left of the range that all containers share must still be of use to others.
    const uint Most = 1 << 27;

    public static uint SizeOf(Spec spec)
    {
        string? value = spec.Annotations?.GetValueOrDefault(Annotation)
            ?? spec.Process?.Env?.LastOrDefault(entry => entry.StartsWith(Variable, StringComparison.Ordinal))?[Variable.Length..];
        return value is null ? IdRangePlanner.DefaultSize
            : uint.TryParse(value, out uint size) && size is >= IdRangePlanner.DefaultSize and <= Most ? size
            : throw new UserError(
                $"{Annotation} is a number of ids from {IdRangePlanner.DefaultSize} to {Most}, not \"{value}\"",
                $"correct the annotation, or the variable {Variable[..^1]}");
    }
}
