using System.Text;
using Caisson.Kernel.Spawning;
using CsCheck;

namespace Caisson.Kernel.Tests.Spawning;

/// <summary>The layout only; Caisson.Root.Tests clone children that run programs.</summary>
public sealed class CompiledProgramTests
{
    [Fact]
    public void Before_it_runs_nothing_has_failed_and_no_step_has_a_result()
    {
        InitProgram program = new();
        program.Add("do nothing", "getppid", SyscallNumbers.getppid);
        using CompiledProgram compiled = new(program);
        ProgramMemory memory = new(compiled);

        Assert.Null(compiled.Failure);
        Assert.Equal(0, compiled.ResultOf(0));
        Assert.Equal((1, -1, -1), (memory.HeaderInt("Count"), memory.HeaderInt("FailedStep"), memory.HeaderInt("ReportTo")));
    }

    [Fact]
    public void Numbers_texts_arrays_and_results_are_laid_out_as_the_calls_take_them()
    {
        InitProgram program = new();
        int fifo = program.Add("open é", "openat", 257, -100, "/ö", uint.MaxValue);
        program.Add("execute", "execve", 59, InitArgument.Bytes([1, 2, 3], "bytes"), InitArgument.Array(["sh", "", "ü"], "words"), InitArgument.Result(fifo, "fifo"));
        program.ReportFailuresTo(fifo);
        using CompiledProgram compiled = new(program);
        ProgramMemory memory = new(compiled);

        Assert.Equal(0, memory.HeaderInt("ReportTo"));
        Assert.Equal(((nint)257, -100L, 4294967295L), (memory.Word(0, "Number"), memory.Argument(0, 0), memory.Argument(0, 2)));
        Assert.Equal("/ö", ProgramMemory.TextAt(memory.Argument(0, 1)));
        Assert.Equal("open é"u8, ProgramMemory.BytesAt(memory.Word(0, "Message"), memory.Int(0, "MessageLength")));
        Assert.Equal([1, 2, 3], ProgramMemory.BytesAt(memory.Argument(1, 0), 3));
        long array = memory.Argument(1, 1);
        Assert.Equal(["sh", "", "ü"], Enumerable.Range(0, 3).Select(i => ProgramMemory.TextAt(ProgramMemory.WordAt(array + (8 * i)))));
        Assert.Equal(0, ProgramMemory.WordAt(array + 24));
        Assert.Equal((0L, 1 << 2), (memory.Argument(1, 2), memory.Int(1, "ResultArguments")));
        Assert.Equal(0, memory.Int(0, "ResultArguments"));
    }

    [Fact]
    public void A_filters_pointer_leads_to_its_instructions()
    {
        byte[] instructions = [6, 0, 0, 0, 0, 0, 0xff, 0x7f];
        InitProgram program = new();
        program.Add("load the filter", "seccomp", 317, 1, 0, InitArgument.Filter(instructions));
        using CompiledProgram compiled = new(program);
        ProgramMemory memory = new(compiled);
        long fprog = memory.Argument(0, 2);

        Assert.Equal([1, 0], ProgramMemory.BytesAt(fprog, 2));
        Assert.Equal(fprog + 16, ProgramMemory.WordAt(fprog + 8));
        Assert.Equal(instructions, ProgramMemory.BytesAt(fprog + 16, 8));
    }

    [Fact]
    public void A_successful_candidate_skips_those_after_it()
    {
        InitProgram program = new();
        program.Add("before", "getppid", 110);
        program.AddWith("first", "execve", 59, InitRule.TryNext | InitRule.SkipCandidates);
        program.AddWith("second", "execve", 59, InitRule.TryNext | InitRule.SkipCandidates);
        program.AddWith("last", "execve", 59, InitRule.SkipCandidates);
        program.Add("after", "getppid", 110);
        using CompiledProgram compiled = new(program);
        ProgramMemory memory = new(compiled);

        Assert.Equal([0, 3, 2, 1, 0], Enumerable.Range(0, 5).Select(i => memory.Int(i, "Candidates")));
    }

    [Fact]
    public void Whatever_the_arguments_all_fits_into_the_measured_memory_without_overlap()
    {
        Gen<string> text = Gen.String[Gen.Char["ab/é\u4e2d"], 0, 40];
        Gen<InitArgument> argument = Gen.OneOf(
            text.Select(it => (InitArgument)it),
            Gen.Int.Select(it => (InitArgument)it),
            Gen.Byte.Array[0, 40].Select(it => InitArgument.Bytes(it, "bytes")),
            text.Array[0, 5].Select(it => InitArgument.Array(it, "words")));
        Gen.Select(text, argument.Array[0, 6]).Array[0, 12].Sample(steps =>
        {
            InitProgram program = new();
            foreach ((string purpose, InitArgument[] arguments) in steps)
            {
                program.Add(purpose, "call", 1, arguments);
            }

            using CompiledProgram compiled = new(program);
            AssertPlacesAreApart(program, new ProgramMemory(compiled));
        });
    }

    static void AssertPlacesAreApart(InitProgram program, ProgramMemory memory)
    {
        List<(long Start, long End)> places = [];
        for (int step = 0; step < program.Steps.Count; step++)
        {
            places.Add(Place(memory.Word(step, "Message"), memory.Int(step, "MessageLength")));
            for (int n = 0; n < program.Steps[step].Arguments.Count; n++)
            {
                InitArgument argument = program.Steps[step].Arguments[n];
                long address = memory.Argument(step, n);
                if (argument.Memory is { } bytes)
                {
                    Assert.Equal(bytes, ProgramMemory.BytesAt(address, bytes.Length));
                    places.Add(Place(address, bytes.Length));
                }

                if (argument.Strings is { } strings)
                {
                    places.Add(Place(address, 8 * (strings.Length + 1)));
                    for (int i = 0; i < strings.Length; i++)
                    {
                        Assert.Equal(strings[i], ProgramMemory.TextAt(ProgramMemory.WordAt(address + (8 * i))));
                        places.Add(Place(ProgramMemory.WordAt(address + (8 * i)), Encoding.UTF8.GetByteCount(strings[i]) + 1));
                    }
                }
            }
        }

        long free = memory.AfterOperations;
        foreach ((long start, long end) in places.Order())
        {
            Assert.InRange(start, free, memory.Start + memory.Size);
            Assert.InRange(end, start, memory.Start + memory.Size);
            free = end;
        }
    }

    static (long Start, long End) Place(long address, int length) => (address, address + length);
}
