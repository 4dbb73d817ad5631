using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>Who this process is (credentials(7)).</summary>
public static partial class Credentials
{
    public static uint EffectiveUid => geteuid();

    public static uint EffectiveGid => getegid();

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();
}
