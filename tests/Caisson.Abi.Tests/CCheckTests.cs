namespace Caisson.Abi.Tests;

public sealed class CCheckTests
{
    [Fact]
    public void A_wrong_value_is_reported_by_its_name_and_a_right_one_is_not()
    {
        IReadOnlyList<string> failures = CCheck.Failures(
            CHeaders.All, [CAssertion.Equal("Ours.ENOENT", "ENOENT", 3), CAssertion.Equal("Ours.EPERM", "EPERM", 1)]);

        Assert.StartsWith("Ours.ENOENT: not so", Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_header_declares_is_a_failure()
    {
        IReadOnlyList<string> failures = CCheck.Failures(CHeaders.All, [CAssertion.Equal("Ours.EODD", "EODD", 3)]);

        Assert.Contains("EODD", Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_the_struct_does_not_have_is_a_failure() =>
        Assert.Single(CCheck.Failures(CHeaders.All, [new("Ours.odd", "offsetof(struct open_how, odd) == 0")]));

    [Fact]
    public void Negative_and_unsigned_readings_of_32_bits_are_both_understood() =>
        CCheck.AssertAll(CHeaders.All, [
            CAssertion.Equal("AT_FDCWD", "AT_FDCWD", -100),
            CAssertion.Equal("SECCOMP_RET_KILL_PROCESS", "SECCOMP_RET_KILL_PROCESS", 0x80000000)]);
}
