using Caisson.Emulation.Syscalls;

namespace Caisson.Emulation.Tests.Syscalls;

/// <summary>When a user's keys are as good as used up, by lines of /proc/key-users.</summary>
public sealed class KeyringTests
{
    [Theory]
    [InlineData("    0:     9 8/8 1/1000000 7/25000000\n1000:     1 1/1 1/200 70/20000\n", true)]
    [InlineData("1000:   183 183/183 183/200 70/20000\n", true)]
    [InlineData("1000:   184 184/184 184/200 70/20000\n", false)]
    [InlineData("1000:     9 9/9 9/200 18000/20000\n", false)]
    [InlineData("1000:     1 1/1 1/2 70/20000\n", false)]
    [InlineData("1000:     0 0/0 0/2 0/20000\n", true)]
    [InlineData("11000:  200 200/200 200/200 70/20000\n", true)]
    [InlineData("1000: what nobody expects\n", true)]
    [InlineData("", true)]
    public void Room_for_one_more(string users, bool hasRoom) => Assert.Equal(hasRoom, CallHandlers.HasRoom(users, 1000));
}
