using System.Buffers.Binary;
using Caisson.Kernel.Spawning;

namespace Caisson.Kernel.Tests.Spawning;

public sealed class InitArgumentTests
{
    [Fact]
    public void A_number_is_passed_and_shown_as_it_is()
    {
        InitArgument negative = -100;
        InitArgument unsigned = uint.MaxValue;

        Assert.Equal(((nint)(-100), "-100"), (negative.Number, negative.ToString()));
        Assert.Equal((4294967295L, "4294967295"), ((long)unsigned.Number, unsigned.ToString()));
    }

    [Fact]
    public void A_text_is_carried_as_UTF_8_with_its_NUL_and_shown_in_quotes()
    {
        InitArgument text = "/é";

        Assert.Equal("/é\0"u8, text.Memory!);
        Assert.Equal("\"/é\"", text.ToString());
    }

    [Fact]
    public void A_named_number_is_shown_by_its_name() =>
        Assert.Equal("PR_SET_NO_NEW_PRIVS", InitArgument.Named(38, "PR_SET_NO_NEW_PRIVS").ToString());

    [Fact]
    public void Only_a_result_refers_to_another_step()
    {
        InitArgument number = 3;

        Assert.Equal(-1, number.ResultOf);
        Assert.Equal(-1, InitArgument.Bytes([1], "one").ResultOf);
        Assert.Equal(3, InitArgument.Result(3, "terminal").ResultOf);
    }

    [Fact]
    public void A_filter_begins_with_the_number_of_its_instructions_and_room_for_the_pointer()
    {
        InitArgument filter = InitArgument.Filter([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

        Assert.Equal(2, BinaryPrimitives.ReadUInt16LittleEndian(filter.Memory));
        Assert.Equal(16 + 16, filter.Memory!.Length);
        Assert.Equal(1, filter.Memory[16]);
        Assert.True(filter.PointsBehindItself);
        Assert.Equal("2 instructions", filter.ToString());
    }
}
