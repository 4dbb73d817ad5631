using Caisson.Containers;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Cli;

/// <summary>Standard output for documents: bytes and a newline, in one write.</summary>
static class Output
{
    public static void Write(ReadOnlySpan<byte> utf8)
    {
        using Fd output = Fd.Borrow(1);
        byte[] line = [.. utf8, (byte)'\n'];
        Errno errno = FileText.WriteAll(output, line);
        if (errno is not (Errno.None or Errno.EPIPE))
        {
            throw new ContainerException("write to standard output", new KernelErrnoException(errno));
        }
    }
}
