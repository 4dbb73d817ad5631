using Caisson.Containers.Checkpoint;
using CsCheck;

namespace Caisson.Containers.Tests.Checkpoint;

/// <summary>The protobuf form of what is said to CRIU, and of its answers.</summary>
public sealed class ProtoTests
{
    [Fact]
    public void Fields_have_the_bytes_of_the_encodings_description()
    {
        ProtoWriter inner = new();
        inner.Number(1, 150);
        ProtoWriter message = new();
        message.Number(1, 150);
        message.Text(2, "testing");
        message.Message(3, inner);
        message.Text(4, null);
        message.Flag(50, false);
        message.Number(4, -2);

        Assert.Equal(
            Convert.FromHexString("089601" + "120774657374696e67" + "1a03089601" + "900300" + "20feffffffffffffffff01"), message.ToBytes());
    }

    [Fact]
    public void An_answer_has_what_criu_said()
    {
        ProtoWriter notify = new();
        notify.Text(1, "post-restore");
        notify.Number(2, 4711);
        ProtoWriter message = Answer(CriuTask.Notify);
        message.Message(5, notify);

        CriuAnswer answer = CriuAnswer.Parse(message.ToBytes());

        Assert.Equal((CriuTask.Notify, true, "post-restore", 4711), (answer.Task, answer.Success, answer.Step, answer.Pid));
    }

    [Theory]
    [InlineData(3, 17, 1, "", 31701)]
    [InlineData(4, 2, 1, "v4.2.1-5-gdeadbeef", 40300)]
    public void A_version_is_one_number(int major, int minor, int sublevel, string commit, int expected)
    {
        ProtoWriter version = new();
        version.Number(1, major);
        version.Number(2, minor);
        version.Text(3, commit);
        version.Number(4, sublevel);
        ProtoWriter message = Answer(CriuTask.Version);
        message.Message(10, version);

        Assert.Equal(expected, CriuAnswer.Parse(message.ToBytes()).Version);
    }

    [Theory]
    [InlineData("08")]
    [InlineData("0a05616263")]
    [InlineData("0affffffffffffffffff01")]
    [InlineData("08ffffffffffffffffffff01")]
    [InlineData("0b")]
    [InlineData("09010203")]
    public void What_is_cut_off_or_no_message_is_an_error(string hex) =>
        Assert.Throws<ContainerException>(() => CriuAnswer.Parse(Convert.FromHexString(hex)));

    [Fact]
    public void Any_bytes_are_an_answer_or_an_error() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            CriuAnswer.Parse(bytes);
        }
        catch (ContainerException)
        {
            // Said in one line.
        }
    });

    static ProtoWriter Answer(CriuTask task)
    {
        ProtoWriter message = new();
        message.Number(1, (int)task);
        message.Flag(2, true);
        return message;
    }
}
