using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>
/// While it lives, files that the calling thread makes belong to these ids (setfsuid(2)), with all capabilities kept. Raw
/// calls: glibc's set*id wrappers would signal threads.
/// </summary>
public readonly ref partial struct FsIdentity
{
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

    // Leaving fsuid 0 drops the file capabilities (CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_MKNOD …) from the effective set.
    static void Set(uint uid, uint gid)
    {
        syscall(SyscallNumbers.setfsgid, (nint)gid, 0);
        syscall(SyscallNumbers.setfsuid, (nint)uid, 0);
        ThreadCapabilities.Raise();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint argument0, nint argument1);
}
