using Caisson.Kernel;

namespace Caisson.Containers.Lifecycle;

/// <summary>A failed step of an init program as the engine is to read it.</summary>
static class StepFailure
{
    public static ContainerException Of(string purpose, Errno errno)
    {
        if (errno == Errno.ENOENT && purpose.EndsWith("$PATH", StringComparison.Ordinal))
        {
            return new ContainerException(purpose);
        }

        // docker's client makes its exit codes 126 and 127 out of the words "permission denied" and "no such file or directory",
        // as Go writes them.
        string meaning = errno.Describe();
        return purpose.StartsWith("exec ", StringComparison.Ordinal)
            ? new ContainerException($"{purpose}: {char.ToLowerInvariant(meaning[0])}{meaning.AsSpan(1)}")
            : new ContainerException(purpose, new KernelErrnoException(errno));
    }
}
