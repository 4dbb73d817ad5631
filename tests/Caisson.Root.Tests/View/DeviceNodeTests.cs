using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.View;

/// <summary>mknod inside: harmless devices are made and work, all others are refused, and nobody's directory is written to.</summary>
public sealed class DeviceNodeTests : RootTest
{
    [Fact]
    public void HarmlessDevices_CanBeMadeAndOpened()
    {
        using Bundle bundle = Sleeping();
        string made = bundle.Shell("""
            mkdir -m 755 /root/dev; cd /root/dev; umask 027
            while read name major minor; do mknod -m 666 $name c $major $minor && stat -c '%n %t:%T %u:%g %a' $name; done <<END
            null 1 3
            zero 1 5
            full 1 7
            random 1 8
            urandom 1 9
            tty 5 0
            console 5 1
            ptmx 5 2
            tun 10 200
            fuse 10 229
            END
            mknod masked c 1 3; stat -c %a masked
            """);
        Assert.Equal(
            "null 1:3 0:0 666\nzero 1:5 0:0 666\nfull 1:7 0:0 666\nrandom 1:8 0:0 666\nurandom 1:9 0:0 666\ntty 5:0 0:0 666\nconsole 5:1 0:0 666\nptmx 5:2 0:0 666\ntun a:c8 0:0 666\nfuse a:e5 0:0 666\n640",
            made);
        Assert.Equal("0000", bundle.Shell("cd /root/dev; echo gone >null; head -c 2 zero | od -An -tx1 | tr -d ' '; : <fuse; : <urandom"));
        // On disk they belong to the image's root, as everything does.
        Assert.Equal("0:0 1:3", Succeeded(Command.Run("stat", ["-c", "%u:%g %t:%T", $"{bundle.Rootfs}/root/dev/null"])));
    }

    [Fact]
    public void OtherDevices_AndOtherPeoplesDirectories_AreRefused()
    {
        string volume = Directory.CreateDirectory($"{Scratch}/foreign").FullName;
        Succeeded(Command.Run("chown", ["12345678:12345678", volume]));
        using Bundle bundle = Sleeping(config => config.Bind(volume, "/foreign"));
        foreach (string node in (string[])["c 1 1", "c 1 4", "c 10 237", "b 8 0", "b 1 3"])
        {
            Assert.Contains("not permitted", bundle.Exec("mknod", "/root/node", node[..1], node[2..].Split(' ')[0], node[2..].Split(' ')[1]).Errors, StringComparison.Ordinal);
        }

        Assert.Contains("ermission denied", bundle.Exec("mknod", "/foreign/null", "c", "1", "3").Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(volume));
        Assert.Contains("exists", bundle.Exec("mknod", "/dev/null", "c", "1", "3").Errors, StringComparison.Ordinal);
        Assert.Contains("o such file", bundle.Exec("mknod", "/nowhere/null", "c", "1", "3").Errors, StringComparison.Ordinal);
        // An ordinary user of the container's has no right to.
        Assert.Contains("not permitted", bundle.Caisson("exec", "--user", "1000", bundle.Id, "mknod", "/tmp/null", "c", "1", "3").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void PathsAreTheCallers_AndWhiteoutsAreTheKernels()
    {
        using Bundle bundle = Sleeping();
        Assert.Equal(
            "1:3 1:3 1:3 0:0 1:5",
            bundle.Shell("""
                mkdir -p /top/root/dev /top/bin /top/lib /link; cp /bin/busybox /top/bin/; ln -s /root/dev /top/dev
                chroot /top /bin/busybox mknod /dev/null c 1 3; chroot /top /bin/busybox sh -c 'cd /root; /bin/busybox mknod relative c 1 3'
                ln -s /top/root /link/to; mknod /link/to/linked c 1 3; mknod /top/whiteout c 0 0
                unshare -m sh -c 'mount -t tmpfs t /link && mknod /link/zero c 1 5 && stat -c %t:%T /link/zero' >/out
                stat -c %t:%T /top/root/dev/null /top/root/relative /top/root/linked /top/whiteout | xargs; cat /out
                """).ReplaceLineEndings(" "));
    }

    Bundle Sleeping(Action<JsonObject>? change = null) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        change?.Invoke(config);
    }).Launch();
}
