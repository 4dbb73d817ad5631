using Caisson.Oci;

namespace Caisson.Containers.Rootless;

/// <summary>A spec as it is performed by a command that is in the container's user namespace already: without that; pure.</summary>
public static class RootlessSpec
{
    public static Spec Inside(Spec spec) => spec with
    {
        Linux = spec.Linux is null ? null : spec.Linux with
        {
            Namespaces = [.. (spec.Linux.Namespaces ?? []).Where(entry => entry.Type != "user")],
            UidMappings = null,
            GidMappings = null,
        },
    };
}
