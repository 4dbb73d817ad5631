using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Probes;

/// <summary>What the kernel is set to.</summary>
static class KernelSetting
{
    /// <summary>Null where the kernel has none of this name.</summary>
    /// <param name="sysctl">As sysctl(8) writes it.</param>
    public static string? Read(string sysctl) => FileText.TryRead($"/proc/sys/{SysctlName.ToPath(sysctl)}")?.Trim();
}
