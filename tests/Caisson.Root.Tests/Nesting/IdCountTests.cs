using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Nesting;

/// <summary>How many ids a system container has, which is what users inside can have subordinate ones of.</summary>
public sealed class IdCountTests : RootTest
{
    [Fact]
    public void MoreIds_AreThereWhenAskedFor_AndAMapWithinThemWorksInside()
    {
        using Bundle bundle = NewBundle("system", config =>
        {
            config.Args("sleep", "100");
            config["annotations"] = Config.Json(new Dictionary<string, string> { ["io.caisson.ids"] = "200000" });
        });
        bundle.Launch();
        Assert.Equal(200000u, bundle.IdMap().Count);
        bundle.Shell("touch /f; chown 150000:150000 /f");
        Assert.Equal("150000", Succeeded(Command.Run("stat", ["-c", "%u", $"{bundle.Rootfs}/f"])));
        // In a user namespace inside, ids above the usual 65,536.
        Assert.Equal("5 100005 1", bundle.Shell(
            "unshare -U sleep 5 & p=$!; until [ \"$(readlink /proc/$p/ns/user)\" != \"$(readlink /proc/self/ns/user)\" ]; do :; done; echo '5 100005 1' >/proc/$p/uid_map; tr -s ' ' </proc/$p/uid_map | sed 's/^ //'; kill $p"));
    }

    [Theory]
    [InlineData("1000")]
    [InlineData("many")]
    [InlineData("4294967295")]
    public void ACountThatCannotBe_IsRefusedByName(string count)
    {
        using Bundle bundle = NewBundle("system", config => config.Env($"CAISSON_IDS={count}"));
        Failed(bundle.Run(), "CAISSON_IDS is a number from 65536 to 134217728, not");
    }

    // Why a container inside has no monitor of its own.
    [Fact]
    public void ASecondListener_IsRefusedByTheKernel()
    {
        using Bundle bundle = NewBundle("system", config => config.Args("/second"));
        bundle.Compile(
            """
            #include <errno.h>
            #include <stdio.h>
            #include <unistd.h>
            #include <sys/syscall.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            int main(void) {
                struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
                struct sock_fprog program = { 1, &allow };
                long plain = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
                long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
                printf("%ld %ld %d\n", plain, listener, errno == EBUSY);
            }
            """,
            "second");
        Assert.Equal("0 -1 1", Succeeded(bundle.Run()));
    }
}
