using Caisson.Oci;

namespace Caisson.Containers.Monitoring;

/// <summary>Whether a container wants its own view of /proc and /sys: it does unless it says "off".</summary>
static class ViewOption
{
    const string Annotation = "io.caisson.view";
    const string Variable = "CAISSON_VIEW=";

    public static bool IsOff(Spec spec)
    {
        string? value = spec.Annotations?.GetValueOrDefault(Annotation)
            ?? spec.Process?.Env?.LastOrDefault(entry => entry.StartsWith(Variable, StringComparison.Ordinal))?[Variable.Length..];
        return value switch
        {
            null or "on" => false,
            "off" => true,
            _ => throw new UserError($"{Annotation} is on or off, not \"{value}\"", $"correct the annotation, or the variable {Variable[..^1]}"),
        };
    }
}
