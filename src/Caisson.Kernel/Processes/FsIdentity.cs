using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>
/// While it lives, files that the calling thread makes belong to these ids (setfsuid(2)), with all capabilities kept. Raw
/// calls: glibc's capset and set*id wrappers would signal threads.
/// </summary>
public readonly unsafe ref partial struct FsIdentity
{
    const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    readonly bool _changed;

    FsIdentity(bool changed) => _changed = changed;

    public static FsIdentity Become(uint uid, uint gid)
    {
        if (uid == 0 && gid == 0)
        {
            return default;
        }

        Set(uid, gid);
        return new FsIdentity(changed: true);
    }

    public void Dispose()
    {
        if (_changed)
        {
            Set(0, 0);
        }
    }

    // Leaving fsuid 0 drops the file capabilities (CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_MKNOD …) from the effective set:
    // they are raised again from the permitted set, which setfsuid does not touch.
    static void Set(uint uid, uint gid)
    {
        syscall(SyscallNumbers.setfsgid, (nint)gid, 0);
        syscall(SyscallNumbers.setfsuid, (nint)uid, 0);
        cap_header header = new() { version = _LINUX_CAPABILITY_VERSION_3 };
        cap_data* data = stackalloc cap_data[2];
        if (syscall(SyscallNumbers.capget, (nint)(&header), (nint)data) != 0)
        {
            throw KernelException.Last("capget");
        }

        data[0].effective = data[0].permitted;
        data[1].effective = data[1].permitted;
        if (syscall(SyscallNumbers.capset, (nint)(&header), (nint)data) != 0)
        {
            throw KernelException.Last("capset");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint argument0, nint argument1);
}
