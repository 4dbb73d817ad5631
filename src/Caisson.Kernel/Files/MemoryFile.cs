using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>Files without a name (memfd_create(2)): what a child reads or writes without a pipe that could fill up.</summary>
public static unsafe partial class MemoryFile
{
    const uint MFD_CLOEXEC = 1;
    const int SEEK_SET = 0;

    public static Fd Create(string name, ReadOnlySpan<byte> content)
    {
        nint result = memfd_create(SyscallNumbers.memfd_create, name, MFD_CLOEXEC);
        Fd file = result >= 0 ? new Fd((int)result) : throw KernelException.Last("memfd_create", name);
        Errno errno = content.IsEmpty ? Errno.None : FileText.WriteAll(file, content);
        if (errno != Errno.None)
        {
            file.Dispose();
            throw new KernelException(errno, "write", name);
        }

        Rewind(file);
        return file;
    }

    /// <summary>From the beginning; at most the limit's bytes.</summary>
    public static byte[] ReadAll(Fd file, int limit)
    {
        Rewind(file);
        byte[] buffer = new byte[limit];
        int length = 0;
        while (length < limit && FileText.ReadSome(file, buffer.AsSpan(length), "memfd") is > 0 and int count)
        {
            length += count;
        }

        return buffer[..length];
    }

    static void Rewind(Fd file) => lseek(file, 0, SEEK_SET);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint memfd_create(nint number, string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lseek(Fd file, nint offset, int whence);
}
