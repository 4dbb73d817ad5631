namespace Caisson.Emulation.Syscalls;

/// <summary>One row of the table of system calls that the monitor looks at.</summary>
/// <param name="Name">As in the manual's section 2.</param>
/// <param name="X64">Its number on x86-64, and with the bit set on x32.</param>
/// <param name="I386">Its number for 32-bit x86 programs.</param>
/// <param name="Arm64">Its number on arm64; -1 where it does not exist.</param>
/// <param name="Arm">Its number for 32-bit ARM programs.</param>
/// <param name="Condition">Which of its calls: all others the kernel makes without asking.</param>
/// <param name="What">What is done, for the documentation.</param>
/// <param name="Handle">Does it.</param>
public sealed record HandledCall(
    string Name, int X64, int I386, int Arm64, int Arm, CallCondition Condition, string What, Func<CallHandlers, Tracee, Answer> Handle);

/// <summary>Bits of one argument that decide in the filter whether a call is looked at.</summary>
/// <param name="Argument">Its index; -1 for no condition.</param>
/// <param name="Bits">Of its low 32.</param>
/// <param name="WhenSet">Looked at if one of the bits is set; else if none is.</param>
/// <param name="Words">For the documentation.</param>
public sealed record CallCondition(int Argument, uint Bits, bool WhenSet, string Words)
{
    /// <summary>What must hold as well; of this one only <see cref="WhenSet"/> conditions.</summary>
    public CallCondition? And { get; init; }

    public static CallCondition Always { get; } = new(-1, 0, true, "always");
}
