using Caisson.Kernel;

namespace Caisson.Containers;

/// <summary>The bare meaning of an errno, as the end of a chain that already names the call's purpose.</summary>
public sealed class KernelErrnoException(Errno errno) : Exception(errno.Describe())
{
    public Errno Errno { get; } = errno;
}
