using Caisson.Kernel.Processes;

namespace Caisson.Kernel.Tests.Processes;

public sealed class SignalsTests
{
    [Theory]
    [InlineData("15", 15)]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigterm", 15)]
    [InlineData("Kill", 9)]
    [InlineData("0", 0)]
    [InlineData("64", 64)]
    [InlineData("IOT", 6)]
    [InlineData("SIGCLD", 17)]
    [InlineData("POLL", 29)]
    [InlineData("SYS", 31)]
    public void A_number_or_a_name_in_any_case_is_understood(string text, int expected) =>
        Assert.Equal(expected, Signals.Parse(text));

    [Theory]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("rtmin+30", 64)]
    [InlineData("RTMAX", 64)]
    [InlineData("SIGRTMAX-1", 63)]
    [InlineData("RTMAX-30", 34)]
    public void Real_time_signals_count_from_34_and_back_from_64(string text, int expected) =>
        Assert.Equal(expected, Signals.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("SIGSIGTERM")]
    [InlineData("NOPE")]
    [InlineData("-1")]
    [InlineData("65")]
    [InlineData("99999999999")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMAX+1")]
    [InlineData("RTMAX-31")]
    [InlineData("RTMIN+x")]
    public void Anything_else_is_refused(string text) => Assert.Equal(-1, Signals.Parse(text));

    [Fact]
    public void The_runtime_ignores_SIGPIPE_which_a_child_must_not_inherit() => Assert.Contains(13, Signals.Ignored());
}
