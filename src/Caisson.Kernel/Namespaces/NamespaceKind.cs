namespace Caisson.Kernel.Namespaces;

/// <summary>The CLONE_NEW* flags of linux/sched.h, and CLONE_FS, which unshare(2) takes beside them.</summary>
[Flags]
public enum NamespaceKind : uint
{
    None = 0,
    CLONE_NEWTIME = 0x80,
    CLONE_FS = 0x200,
    CLONE_NEWNS = 0x20000,
    CLONE_NEWCGROUP = 0x2000000,
    CLONE_NEWUTS = 0x4000000,
    CLONE_NEWIPC = 0x8000000,
    CLONE_NEWUSER = 0x10000000,
    CLONE_NEWPID = 0x20000000,
    CLONE_NEWNET = 0x40000000,
}
