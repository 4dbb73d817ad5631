using Caisson.Kernel.Seccomp;
using Caisson.Oci;

namespace Caisson.Containers.Seccomp;

/// <summary>The filter of a container, from what config.json says and how far the container is kept apart.</summary>
public static class ContainerFilter
{
    /// <summary>Null where no filter is wanted. The profile is read and validated only if the cache does not have its filter.</summary>
    /// <exception cref="SpecException">The profile cannot be read or makes no sense.</exception>
    /// <exception cref="UserError">It asks for something that this kernel or this program cannot do.</exception>
    public static SeccompFilter? Prepare(RawJson? profile, Isolation isolation, FilterCache cache)
    {
        if (profile is not { } given)
        {
            return null;
        }

        return cache.Get(given.Utf8.Span, isolation, () => Compile(OciJson.ParseSeccomp(given), isolation));
    }

    /// <summary>As <see cref="Prepare"/>, without a cache.</summary>
    public static SeccompFilter? Compile(LinuxSeccomp profile, Isolation isolation)
    {
        if (profile is { DefaultAction: "", Syscalls: null or [] })
        {
            return null;
        }

        Problem[] errors = [.. SpecValidator.Validate(profile).Where(it => it.Severity == Severity.Error)];
        if (errors.Length > 0)
        {
            throw new SpecException(errors);
        }

        LinuxSeccomp planned = isolation == Isolation.System ? SystemProfile.Plan(profile)! : profile;
        return ContainerException.During("compile the seccomp profile", () => SeccompCompiler.Compile(planned));
    }
}
