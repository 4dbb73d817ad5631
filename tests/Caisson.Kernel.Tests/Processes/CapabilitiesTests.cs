using Caisson.Kernel.Processes;

namespace Caisson.Kernel.Tests.Processes;

public sealed class CapabilitiesTests
{
    [Fact]
    public void A_mask_has_one_bit_for_each_name_in_any_case() =>
        Assert.Equal((1UL << 0) | (1UL << 21) | (1UL << 40), Capabilities.Mask(["CAP_CHOWN", "cap_sys_admin", "CAP_CHECKPOINT_RESTORE"]));

    [Fact]
    public void No_names_are_no_capabilities()
    {
        Assert.Equal(0UL, Capabilities.Mask(null));
        Assert.Equal(0UL, Capabilities.Mask([]));
    }

    [Fact]
    public void Unknown_names_are_told_and_the_others_count()
    {
        List<string> unknown = [];

        Assert.Equal(1UL, Capabilities.Mask(["CAP_FLY", "CAP_CHOWN", "CHOWN"], unknown));
        Assert.Equal(["CAP_FLY", "CHOWN"], unknown);
    }

    [Theory]
    [InlineData(0, 1UL)]
    [InlineData(37, 0x3fffffffffUL)]
    [InlineData(40, 0x1ffffffffffUL)]
    [InlineData(63, ulong.MaxValue)]
    [InlineData(64, ulong.MaxValue)]
    public void All_capabilities_of_a_kernel_are_those_up_to_its_last(int last, ulong expected) =>
        Assert.Equal(expected, Capabilities.MaskUpTo(last));

    [Fact]
    public void The_running_kernel_knows_all_names_or_fewer()
    {
        int last = int.Parse(File.ReadAllText("/proc/sys/kernel/cap_last_cap"), System.Globalization.CultureInfo.InvariantCulture);

        Assert.InRange(last, 37, 63);
        Assert.Equal(last + 1, System.Numerics.BitOperations.PopCount(Capabilities.MaskUpTo(last)));
    }
}
