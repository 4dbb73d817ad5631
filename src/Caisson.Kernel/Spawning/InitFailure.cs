namespace Caisson.Kernel.Spawning;

/// <summary>The step at which an init program ended, and why.</summary>
public readonly record struct InitFailure(string Purpose, Errno Errno)
{
    public override string ToString() => $"{Purpose}: {Errno.Describe()}";
}
