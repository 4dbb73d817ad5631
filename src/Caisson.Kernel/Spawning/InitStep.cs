namespace Caisson.Kernel.Spawning;

/// <summary>What an init program does when a call fails.</summary>
[Flags]
public enum InitRule
{
    /// <summary>Reports the step and its errno, and ends.</summary>
    Fail = 0,

    /// <summary>Goes on whatever the call says.</summary>
    Ignore = 1,

    /// <summary>Goes on where the path does not exist or may not be used: another candidate follows.</summary>
    TryNext = 2,

    /// <summary>A result above zero ends the process well: the parent's side of a clone.</summary>
    ExitIfPositive = 4,

    /// <summary>Success jumps to the step after the run of <see cref="TryNext"/> candidates.</summary>
    SkipCandidates = 8,

    /// <summary>Anything but <see cref="InitStep.Expected"/> fails: the other side of a socket is gone.</summary>
    Expect = 16,

    /// <summary>A result of zero ends the process well: there is nothing more to read.</summary>
    ExitIfZero = 32,
}

/// <summary>One system call of an init program.</summary>
/// <param name="Purpose">What it is for, in words that can follow "caisson: " in an error.</param>
/// <param name="Call">The call's name, for the printed program.</param>
/// <param name="Number">Its number.</param>
/// <param name="Arguments">At most six.</param>
/// <param name="Rule">What failure means.</param>
/// <param name="Expected">The only good result under <see cref="InitRule.Expect"/>.</param>
public sealed record InitStep(
    string Purpose, string Call, int Number, IReadOnlyList<InitArgument> Arguments, InitRule Rule, int Expected)
{
    public override string ToString()
    {
        string rule = Rule == InitRule.Fail ? "" : $" [{Rule}]";
        return $"{Purpose}: {Call}({string.Join(", ", Arguments)}){rule}";
    }
}
