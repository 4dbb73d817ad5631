using System.Text;

namespace Caisson.Kernel.Spawning;

/// <summary>
/// What a cloned child does until it becomes another program: a flat list of system calls, built and printed here in safe
/// code, performed by <see cref="ChildWindow"/> with nothing managed in between. The order of the list is the story of a
/// container's start, and tests read it as text.
/// </summary>
public sealed class InitProgram
{
    readonly List<InitStep> _steps = [];

    public IReadOnlyList<InitStep> Steps => _steps;

    /// <summary>The step whose result is the descriptor that failures are written to, once it has run; -1 for none.</summary>
    public int ReportTo { get; private set; } = -1;

    /// <summary>Adds a call and returns its index, for arguments that take its result.</summary>
    public int Add(string purpose, string call, int number, params ReadOnlySpan<InitArgument> arguments) =>
        AddWith(purpose, call, number, InitRule.Fail, arguments);

    /// <summary>As <see cref="Add"/>, for a call whose failure means something else than the end.</summary>
    public int AddWith(string purpose, string call, int number, InitRule rule, params ReadOnlySpan<InitArgument> arguments)
    {
        _steps.Add(new InitStep(purpose, call, number, arguments.ToArray(), rule, 0));
        return _steps.Count - 1;
    }

    /// <summary>Blocks until the parent has written one byte; its end of the socket closing ends the child.</summary>
    public void WaitFor(string what, InitArgument socket) => _steps.Add(new InitStep(
        $"wait for {what}", "read", SyscallNumbers.read, [socket, InitArgument.Bytes(new byte[8], "byte"), 1], InitRule.Expect, 1));

    /// <summary>Tells the parent that the program got here.</summary>
    public void Tell(string what, InitArgument socket, byte word = (byte)'.') => _steps.Add(new InitStep(
        $"tell that {what}", "write", SyscallNumbers.write, [socket, InitArgument.Bytes([word], "byte"), 1], InitRule.Expect, 1));

    /// <summary>Closes all descriptors from one on but those given; negative ones are none.</summary>
    public void CloseFrom(int first, params ReadOnlySpan<int> kept)
    {
        Span<int> sorted = stackalloc int[kept.Length];
        kept.CopyTo(sorted);
        sorted.Sort();
        foreach (int number in sorted)
        {
            if (number > first)
            {
                Close(first, InitArgument.Named(number - 1, $"{number - 1}"));
            }

            first = Math.Max(first, number + 1);
        }

        Close(first, InitArgument.Named(int.MaxValue, "max"));
    }

    void Close(int first, InitArgument last) =>
        Add("close other descriptors", "close_range", SyscallNumbers.close_range, first, last, 0);

    /// <summary>From here on a failure is written to the connection that this step accepted.</summary>
    public void ReportFailuresTo(int step) => ReportTo = step;

    /// <summary>One step a line.</summary>
    public string Render()
    {
        StringBuilder text = new();
        foreach (InitStep step in _steps)
        {
            text.Append(step).Append('\n');
        }

        return text.ToString();
    }
}
