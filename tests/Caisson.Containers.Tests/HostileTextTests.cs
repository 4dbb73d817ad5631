using System.Text;
using Caisson.Containers.Cgroups;
using Caisson.Containers.Ids;
using Caisson.Containers.Processes;
using Caisson.Containers.Rootfs;
using CsCheck;

namespace Caisson.Containers.Tests;

/// <summary>Texts of the kernel's, of containers' and of people's that nobody expects: read as far as they make sense.</summary>
public sealed class HostileTextTests
{
    static readonly Gen<string> Odd = Gen.OneOf(
        Gen.String[0, 200],
        Gen.Char["0123456789 :,/()\n\t-=\\abcpidcpu"].Array[0, 300].Select(text => new string(text)),
        Gen.UInt.Array[0, 40].Select(numbers => string.Join(' ', numbers)),
        Gen.UInt.Array[0, 12].Select(numbers => string.Join('\n', numbers.Chunk(3).Select(three => "name:" + string.Join(':', three)))));

    [Fact]
    public void Any_text_is_taken() => Gen.Select(Odd, Odd).Sample((one, other) =>
    {
        ProcessStat.Parse(one);
        CgroupLayout.Parse(Encoding.UTF8.GetBytes(one), other);
        foreach (uint id in (uint[])[0, 1, 65535, uint.MaxValue])
        {
            IdMapText.Parse(one.Replace(':', ' ')).ToHost(id);
        }

        IdRange? range = IdRangePlanner.Plan(IdRangePlanner.DefaultSize, [], SubIdEntry.Parse(one));
        Assert.True(range is null || range.Value.Start > 0);
    });
}
