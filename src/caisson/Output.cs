using System.Text;
using Caisson.Containers;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Files;

namespace Caisson.Cli;

/// <summary>Standard output, in one write. Not through Console, which starts a thread.</summary>
static class Output
{
    public static bool IsTerminal
    {
        get
        {
            using Fd output = Fd.Borrow(1);
            return Terminal.TryGetSize(output, out _);
        }
    }

    /// <summary>A document, and a newline.</summary>
    public static void Write(ReadOnlySpan<byte> utf8) => WriteAll([.. utf8, (byte)'\n']);

    public static void WriteText(string text) => WriteAll(Encoding.UTF8.GetBytes(text));

    static void WriteAll(ReadOnlySpan<byte> bytes)
    {
        using Fd output = Fd.Borrow(1);
        Errno errno = FileText.WriteAll(output, bytes);
        if (errno is not (Errno.None or Errno.EPIPE))
        {
            throw new ContainerException("write to standard output", new KernelErrnoException(errno));
        }
    }
}
