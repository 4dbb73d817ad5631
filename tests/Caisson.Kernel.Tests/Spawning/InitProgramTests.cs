using Caisson.Kernel.Spawning;

namespace Caisson.Kernel.Tests.Spawning;

public sealed class InitProgramTests
{
    [Fact]
    public void A_program_is_printed_as_one_step_a_line_with_its_rule()
    {
        InitProgram program = new();
        program.WaitFor("the mappings", 3);
        int socket = program.Add("open the fifo", "openat", 257, InitArgument.Named(-100, "AT_FDCWD"), "fifo", 1);
        program.AddWith("close the log", "close", 3, InitRule.Ignore, 7);
        program.AddWith(
            "execute sh", "execve", 59, InitRule.TryNext | InitRule.SkipCandidates, "/bin/sh",
            InitArgument.Array(["sh", "-c", "exit"], "[3 words]"), InitArgument.Result(socket, "fifo's result"));
        program.Tell("all is done", 3);

        Assert.Equal(
            """
            wait for the mappings: read(3, byte, 1) [Expect]
            open the fifo: openat(AT_FDCWD, "fifo", 1)
            close the log: close(7) [Ignore]
            execute sh: execve("/bin/sh", [3 words], fifo's result) [TryNext, SkipCandidates]
            tell that all is done: write(3, byte, 1) [Expect]

            """,
            program.Render());
    }

    [Fact]
    public void Adding_returns_the_index_that_results_are_taken_by()
    {
        InitProgram program = new();

        Assert.Equal(0, program.Add("one", "getppid", 110));
        Assert.Equal(1, program.Add("two", "getppid", 110));
        Assert.Equal(2, program.Steps.Count);
    }

    [Fact]
    public void Failures_go_nowhere_until_a_step_is_named()
    {
        InitProgram program = new();
        Assert.Equal(-1, program.ReportTo);

        program.ReportFailuresTo(program.Add("accept", "accept4", 288));
        Assert.Equal(0, program.ReportTo);
    }
}
