using Caisson.Kernel;

namespace Caisson.Emulation.Syscalls;

/// <summary>What becomes of a call that waits.</summary>
/// <param name="IsContinued">The kernel makes the call as if nobody had looked.</param>
/// <param name="Value">What it returns, where there is no error.</param>
/// <param name="Error">What it fails with.</param>
public readonly record struct Answer(bool IsContinued, long Value, Errno Error)
{
    public static Answer Continue => new(true, 0, Errno.None);

    public static Answer Success => new(false, 0, Errno.None);

    public static Answer Failure(Errno error) => new(false, 0, error);
}
