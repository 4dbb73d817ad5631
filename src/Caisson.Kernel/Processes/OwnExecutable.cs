using System.Runtime.InteropServices;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Kernel.Processes;

/// <summary>
/// The running program as a file that a container may reach: /proc/PID/exe of a process of ours that entered it, until it
/// executes the container's program. A container root that is the host's root could write to it (CVE-2019-5736).
/// </summary>
public static unsafe partial class OwnExecutable
{
    const string Link = "/proc/self/exe";
    const int AT_EMPTY_PATH = 0x1000;
    const long ST_RDONLY = 1;

    /// <summary>True where the program runs from a read-only mount, over which nobody can open it for writing.</summary>
    public static bool IsReadOnly
    {
        get
        {
            using Fd self = OpenAt2.Open(Link, OpenFlags.O_PATH);
            // struct statfs: f_flags is the eleventh long of both architectures.
            long* buffer = stackalloc long[32];
            return fstatfs(self, buffer) == 0 && (buffer[10] & ST_RDONLY) != 0;
        }
    }

    /// <summary>
    /// Executes the program anew, with the same arguments, from a read-only mount of its file that is attached nowhere. Does not
    /// return unless that fails.
    /// </summary>
    public static void ExecuteReadOnly()
    {
        using Fd self = OpenAt2.Open(Link, OpenFlags.O_PATH);
        using Fd copy = MountTree.Clone(self, recursive: false, Link);
        Errno errno = MountTree.TrySetAttributes(
            copy, MountAttributes.MOUNT_ATTR_RDONLY, MountAttributes.None, MountFlags.None, null, recursive: false);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "mount_setattr MOUNT_ATTR_RDONLY", Link);
        }

        List<string> environment = [];
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{entry.Key}={entry.Value}");
        }

        byte** arguments = Strings(Environment.GetCommandLineArgs());
        byte** variables = Strings([.. environment]);
        execveat(SyscallNumbers.execveat, copy, "", arguments, variables, AT_EMPTY_PATH);
        throw KernelException.Last("execveat", Link);
    }

    // Never freed: execve replaces the memory.
    static byte** Strings(string[] texts)
    {
        byte** array = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Length; i++)
        {
            array[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return array;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstatfs(Fd file, long* buffer);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint execveat(nint number, Fd file, string path, byte** arguments, byte** environment, int flags);
}
