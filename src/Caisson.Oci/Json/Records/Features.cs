namespace Caisson.Oci;

public sealed partial record Features : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Text("ociVersionMin"u8, OciVersionMin);
        json.Text("ociVersionMax"u8, OciVersionMax);
        json.Texts("hooks"u8, Hooks);
        json.Texts("mountOptions"u8, MountOptions);
        json.Object("linux"u8, Linux);
        json.TextMap("annotations"u8, Annotations);
        json.Texts("potentiallyUnsafeConfigAnnotations"u8, PotentiallyUnsafeConfigAnnotations);
    }
}

public sealed partial record LinuxFeatures : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Texts("namespaces"u8, Namespaces);
        json.Texts("capabilities"u8, Capabilities);
        json.Object("cgroup"u8, Cgroup);
        json.Object("seccomp"u8, Seccomp);
        json.Object("apparmor"u8, Apparmor);
        json.Object("selinux"u8, Selinux);
        json.Object("intelRdt"u8, IntelRdt);
        json.Object("memoryPolicy"u8, MemoryPolicy);
        json.Object("mountExtensions"u8, MountExtensions);
        json.Object("netDevices"u8, NetDevices);
    }
}

public sealed partial record CgroupFeatures : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Flag("v1"u8, V1);
        json.Flag("v2"u8, V2);
        json.Flag("systemd"u8, Systemd);
        json.Flag("systemdUser"u8, SystemdUser);
        json.Flag("rdma"u8, Rdma);
    }
}

public sealed partial record SeccompFeatures : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Flag("enabled"u8, Enabled);
        json.Texts("actions"u8, Actions);
        json.Texts("operators"u8, Operators);
        json.Texts("archs"u8, Archs);
        json.Texts("knownFlags"u8, KnownFlags);
        json.Texts("supportedFlags"u8, SupportedFlags);
    }
}

public sealed partial record SwitchFeature : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Flag("enabled"u8, Enabled);
    }
}

public sealed partial record IntelRdtFeatures : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Flag("enabled"u8, Enabled);
        json.Flag("schemata"u8, Schemata);
        json.Flag("monitoring"u8, Monitoring);
    }
}

public sealed partial record MemoryPolicyFeatures : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Texts("modes"u8, Modes);
        json.Texts("flags"u8, Flags);
    }
}

public sealed partial record MountExtensionFeatures : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Object("idmap"u8, IdMap);
    }
}
