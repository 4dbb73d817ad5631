namespace Caisson.Cli;

/// <summary>One command of the program.</summary>
/// <param name="Name">As it is typed.</param>
/// <param name="Arguments">What follows the options, for help.</param>
/// <param name="Summary">One line.</param>
/// <param name="Options">Besides --help.</param>
/// <param name="Run">Does it; returns the exit code.</param>
sealed record Command(string Name, string Arguments, string Summary, IReadOnlyList<Option> Options, Func<Invocation, int> Run)
{
    /// <summary>One that Caisson itself starts: left out of help.</summary>
    public bool IsHidden { get; init; }

    /// <summary>What follows the first argument is not ours: a command for the container, a signal, options of ps(1).</summary>
    public bool OptionsComeFirst { get; init; }

    /// <summary>The exit code of a failure of ours; 255 where 1 is likely to be the code of the container's process.</summary>
    public int FailureCode { get; init; } = 1;
}
