using Caisson.Containers.Ids;
using CsCheck;

namespace Caisson.Containers.Tests.Ids;

public sealed class IdRangePlannerTests
{
    const uint Size = IdRangePlanner.DefaultSize;

    [Fact]
    public void The_first_container_gets_the_first_range() =>
        Assert.Equal(new IdRange(IdRangePlanner.DefaultStart, Size), IdRangePlanner.Plan(Size, [], []));

    [Fact]
    public void A_gap_is_used_again()
    {
        IdRange[] taken = [At(0), At(2)];
        Assert.Equal(At(1), IdRangePlanner.Plan(Size, taken, []));
    }

    [Fact]
    public void Ids_of_other_users_are_skipped()
    {
        SubIdEntry other = new("alice", new IdRange(IdRangePlanner.DefaultStart + 5, 10));
        Assert.Equal(At(1), IdRangePlanner.Plan(Size, [], [other]));
    }

    [Fact]
    public void An_entry_named_caisson_is_used_and_not_left()
    {
        SubIdEntry own = new("caisson", new IdRange(100000, 2 * Size));
        Assert.Equal(new IdRange(100000, Size), IdRangePlanner.Plan(Size, [], [own]));
        Assert.Equal(new IdRange(100000 + Size, Size), IdRangePlanner.Plan(Size, [new IdRange(100000, Size)], [own]));
        Assert.Null(IdRangePlanner.Plan(Size, [new IdRange(100000, 2 * Size)], [own]));
    }

    [Fact]
    public void Whatever_is_taken_the_answer_overlaps_none_of_it() => Gen.Select(Gen.UInt[0, 4000], Gen.UInt[1, 200000])
        .Select(pair => new IdRange(IdRangePlanner.DefaultStart + (pair.Item1 * 65536), pair.Item2)).Array[0, 40]
        .Sample(taken => IdRangePlanner.Plan(Size, taken, []) is not { } range || !taken.Any(range.Overlaps));

    [Fact]
    public void Lines_of_another_form_are_skipped() => Assert.Equal(
        [new SubIdEntry("bob", new IdRange(100000, 65536))], SubIdEntry.Parse("bob:100000:65536\n#x\nbob:1\n:1:2\nbob:a:b\n"));

    static IdRange At(uint index) => new(IdRangePlanner.DefaultStart + (index * Size), Size);
}
