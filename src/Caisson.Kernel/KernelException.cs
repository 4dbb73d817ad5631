using System.Runtime.InteropServices;

namespace Caisson.Kernel;

/// <summary>A system call failed. The text is <c>call 'subject': meaning (ENAME)</c>; the errno is kept.</summary>
public sealed class KernelException : Exception
{
    public KernelException(Errno errno, string call, string? subject = null)
        : base(Describe(errno, call, subject))
    {
        Errno = errno;
        Call = call;
        Subject = subject;
    }

    public Errno Errno { get; }

    public string Call { get; }

    public string? Subject { get; }

    /// <summary>From the errno that the last P/Invoke left behind; to be called right after it.</summary>
    public static KernelException Last(string call, string? subject = null) =>
        new((Errno)Marshal.GetLastPInvokeError(), call, subject);

    /// <summary>Throws unless a call that returns its errno has succeeded.</summary>
    public static void Require(Errno errno, string call, string? subject = null)
    {
        if (errno != Errno.None)
        {
            throw new KernelException(errno, call, subject);
        }
    }

    static string Describe(Errno errno, string call, string? subject) =>
        subject is null ? $"{call}: {errno.Describe()}" : $"{call} '{subject}': {errno.Describe()}";
}
