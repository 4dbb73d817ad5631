using Caisson.Kernel.Files;

namespace Caisson.Containers.Probes;

/// <summary>AppArmor and SELinux.</summary>
static class SecurityModuleProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        bool hasAppArmor = FileText.TryRead("/sys/module/apparmor/parameters/enabled")?.Trim() == "Y";
        yield return hasAppArmor
            ? Finding.Ok("AppArmor: on; engines' profiles are loaded for plain containers, which is what they are made for")
            : Finding.Note("AppArmor: off; containers are confined by namespaces, capabilities and seccomp");
        string? enforces = FileText.TryRead("/sys/fs/selinux/enforce")?.Trim();
        if (enforces is not null)
        {
            yield return enforces == "1"
                ? Finding.Warning("SELinux: enforcing", "containers get no labels: volumes may be refused to them", "setenforce 0, or run engines without selinux-enabled")
                : Finding.Note("SELinux: permissive");
        }
    }
}
