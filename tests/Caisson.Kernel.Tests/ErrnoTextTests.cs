using System.Runtime.InteropServices;

namespace Caisson.Kernel.Tests;

public sealed class ErrnoTextTests
{
    public static TheoryData<Errno> KnownNumbers => [.. Enum.GetValues<Errno>().Where(it => it != Errno.None)];

    [Theory]
    [MemberData(nameof(KnownNumbers))]
    public void A_number_is_described_in_the_words_of_the_C_library_with_its_name(Errno errno) =>
        Assert.Equal($"{Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})", errno.Describe());

    [Fact]
    public void A_number_without_a_name_is_shown_as_a_number() => Assert.Equal("Unknown error (4095)", ((Errno)4095).Describe());
}
