using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>
/// While it lives, the calling thread's effective uid is this one; root's capabilities come back with uid 0. A raw call: glibc's
/// wrapper would signal threads.
/// </summary>
public readonly ref partial struct EffectiveUser
{
    const nint Unchanged = -1;

    readonly bool _changed;

    EffectiveUser(bool changed) => _changed = changed;

    /// <param name="uid">Zero changes nothing.</param>
    /// <param name="keepsCapabilities">Else it has none.</param>
    public static EffectiveUser Become(uint uid, bool keepsCapabilities = false)
    {
        if (uid == 0)
        {
            return default;
        }

        Set(uid);
        if (keepsCapabilities)
        {
            ThreadCapabilities.Raise();
        }

        return new EffectiveUser(changed: true);
    }

    public void Dispose()
    {
        if (_changed)
        {
            Set(0);
        }
    }

    static void Set(uint uid)
    {
        if (syscall(SyscallNumbers.setresuid, Unchanged, (nint)uid, Unchanged) != 0)
        {
            throw KernelException.Last("setresuid", uid.ToString());
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint real, nint effective, nint saved);
}
