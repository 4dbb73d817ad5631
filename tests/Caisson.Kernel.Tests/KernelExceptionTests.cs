using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests;

public sealed class KernelExceptionTests
{
    [Fact]
    public void The_message_names_the_call_the_subject_and_the_meaning() =>
        Assert.Equal(
            "mount_setattr '/proc/sys': Operation not permitted (EPERM)",
            new KernelException(Errno.EPERM, "mount_setattr", "/proc/sys").Message);

    [Fact]
    public void Without_a_subject_the_message_has_none() =>
        Assert.Equal("clone3: Resource temporarily unavailable (EAGAIN)", new KernelException(Errno.EAGAIN, "clone3").Message);

    [Fact]
    public void A_failed_open_keeps_the_errno_the_call_and_the_path()
    {
        KernelException failure = Assert.Throws<KernelException>(() => OpenAt2.Open("/nowhere/at/all", OpenFlags.O_RDONLY));

        Assert.Equal((Errno.ENOENT, "open", "/nowhere/at/all"), (failure.Errno, failure.Call, failure.Subject));
    }
}
