namespace Caisson.Containers.Cgroups;

/// <summary>What may be done with a device; the bits are BPF_DEVCG_ACC_* of linux/bpf.h.</summary>
[Flags]
public enum DeviceRights
{
    None = 0,
    Mknod = 1,
    Read = 2,
    Write = 4,
    All = Mknod | Read | Write,
}
