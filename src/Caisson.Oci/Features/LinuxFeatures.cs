namespace Caisson.Oci;

/// <summary>features-linux.md.</summary>
public sealed partial record LinuxFeatures
{
    public string[]? Namespaces { get; init; }

    public string[]? Capabilities { get; init; }

    public CgroupFeatures? Cgroup { get; init; }

    public SeccompFeatures? Seccomp { get; init; }

    public SwitchFeature? Apparmor { get; init; }

    public SwitchFeature? Selinux { get; init; }

    public IntelRdtFeatures? IntelRdt { get; init; }

    /// <summary>After 1.3.</summary>
    public MemoryPolicyFeatures? MemoryPolicy { get; init; }

    public MountExtensionFeatures? MountExtensions { get; init; }

    /// <summary>Since 1.3.</summary>
    public SwitchFeature? NetDevices { get; init; }
}
