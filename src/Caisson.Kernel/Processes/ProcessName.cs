using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>The name that ps(1) and top(1) show (PR_SET_NAME), of the main thread: at most 15 bytes.</summary>
public static partial class ProcessName
{
    const int PR_SET_NAME = 15;

    public static void Set(string name) => _ = prctl(PR_SET_NAME, name, 0, 0, 0);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int prctl(int option, string name, nuint argument3, nuint argument4, nuint argument5);
}
