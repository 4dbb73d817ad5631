using Caisson.Containers.Systemd;
using CsCheck;

namespace Caisson.Containers.Tests.Systemd;

public sealed class BusMessageTests
{
    // NoSuchUnit, as systemd 257 sent it.
    const string Answer =
        "6c03010122000000010000006700000005017500010000000401730023000000"
        + "6f72672e667265656465736b746f702e73797374656d64312e4e6f53756368556e6974000000000007017300"
        + "180000006f72672e667265656465736b746f702e73797374656d6431000000000000000008016700017300001d000000"
        + "556e6974206e6f737563682e73636f7065206e6f74206c6f616465642e00";

    [Fact]
    public void Read_UnderstandsSystemdsAnswer()
    {
        byte[] bytes = Convert.FromHexString(Answer);
        Assert.Equal(bytes.Length, BusMessage.SizeOf(bytes.AsSpan(0, BusMessage.FixedSize)));
        BusMessage message = BusMessage.Read(bytes);
        Assert.Equal((BusMessage.Error, 1u, "org.freedesktop.systemd1.NoSuchUnit"), (message.Type, message.ReplySerial, message.ErrorName));
        Assert.Equal("Unit nosuch.scope not loaded.", message.ErrorText);
    }

    [Fact]
    public void WriteCall_IsPaddedAsTheSpecificationSays()
    {
        byte[] call = BusMessage.WriteCall(7, "d.e", "/p", "i.f", "Member", "s", new BusWriter().Text("x").Bytes);
        Assert.Equal(call.Length, BusMessage.SizeOf(call.AsSpan(0, BusMessage.FixedSize)));
        BusMessage read = BusMessage.Read(call);
        Assert.Equal((BusMessage.Call, "Member", "s"), (read.Type, read.Member, read.Signature));
        Assert.Equal("x", new BusReader(read.Body).Text());
        // a(sv): an element begins at a multiple of eight, which the length does not count; a variant carries its type.
        BusWriter array = new BusWriter().Array(8, [UnitProperty.Of("N", 5)], static (to, property) =>
        {
            to.Text(property.Name).Signature(property.Signature);
            property.Write(to);
        });
        Assert.Equal("1800000000000000" + "010000004E000174" + "0000000000000000" + "0500000000000000", Convert.ToHexString(array.Bytes));
    }

    [Fact]
    public void Read_ThrowsNothingElse_ForAnyBytes()
    {
        byte[] answer = Convert.FromHexString(Answer);
        Gen.Select(Gen.Int[0, answer.Length - 1], Gen.Byte, Gen.Int[0, answer.Length]).Sample(
            (at, value, length) =>
            {
                byte[] changed = [.. answer[..at], value, .. answer[(at + 1)..]];
                try
                {
                    int size = BusMessage.SizeOf(changed.AsSpan(0, BusMessage.FixedSize));
                    BusMessage message = BusMessage.Read([.. changed.Take(Math.Min(size, length)), .. new byte[Math.Max(0, size - Math.Min(size, length))]]);
                    _ = message.ErrorText;
                }
                catch (InvalidDataException)
                {
                }
            },
            iter: 5_000,
            threads: 1);
    }
}
