using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>A container's tree: mounts with their options, masked and read-only paths, devices, the root.</summary>
public sealed class MountTests : RootTest
{
    const string Owner = "stat -c '%a %u %g'";

    /// <summary>Each is a descriptor until it is attached: more than the process may have.</summary>
    /// <summary>A path of the host below the root file system is meant as what the mounts before have put there.</summary>
    [Theory, ForEachLevel]
    public void ABindOfWhatAnEarlierMountHolds_FindsIt(string level)
    {
        foreach (string name in (string[])["a/x", "b/y"])
        {
            Directory.CreateDirectory($"{Scratch}/tree/{name}");
            File.WriteAllText($"{Scratch}/tree/{name}/file", name);
        }

        Bundle bundle = NewBundle(level, config =>
        {
            config.Args("cat", "/final/x/y/file", "/deep/y/file");
            config.Bind($"{Scratch}/tree/a", "/mnt");
            config.Bind($"{Scratch}/tree/b", "/mnt/x");
        });
        bundle.Change(config =>
        {
            config.Bind($"{bundle.Rootfs}/mnt", $"{bundle.Rootfs}/final", "rbind");
            config.Bind($"{bundle.Rootfs}/mnt/x", "/deep", "ro");
        });
        using (bundle)
        {
            Assert.Equal("b/yb/y", Succeeded(bundle.Run()));
        }
    }

    [Theory, ForEachLevel]
    public void AThousandBinds_AreMounted_WithALimitOfAsManyFiles(string level)
    {
        string source = Directory.CreateDirectory($"{Scratch}/source").FullName;
        Assert.Equal("1000 1024", Inside(level, "echo $(grep -c ' /many/' /proc/self/mountinfo) $(ulimit -n)", config =>
        {
            config["process"]!["rlimits"] = Config.Json((object[])[new { type = "RLIMIT_NOFILE", hard = 1024, soft = 1024 }]);
            foreach (int i in Enumerable.Range(0, 1000))
            {
                config.Bind(source, $"/many/{i}");
            }
        }));
    }

    [Theory, ForEachLevel]
    public void AVolume_IsSharedWithTheHost(string level)
    {
        string volume = Volume("volume");
        File.WriteAllText($"{volume}/in", "from the host");

        string read = Inside(level, "cat /v/in; echo from inside >/v/out; id -u; stat -c %u /v/out /v/in", config => config.Bind(volume, "/v"));

        Assert.Equal("from the host0\n0\n0", read);
        Assert.Equal("from inside\n", File.ReadAllText($"{volume}/out"));
        Assert.Equal("0 0", Command.Run("stat", ["-c", "%u %g", $"{volume}/out"]).Output.Trim());
    }

    [Theory, ForEachLevel]
    public void AReadOnlyVolume_RefusesWrites(string level)
    {
        string volume = Volume("volume");

        string said = Inside(level, "touch /v/f 2>&1; mkdir /v/d 2>&1; :", config => config.Bind(volume, "/v", "ro"));

        Assert.Equal("touch: /v/f: Read-only file system\nmkdir: can't create directory '/v/d': Read-only file system", said);
    }

    [Theory, ForEachLevel]
    public void RecursiveReadOnly_HoldsForMountsBelow(string level)
    {
        string volume = Volume("volume");
        Directory.CreateDirectory($"{volume}/below");
        Succeeded(Command.Run("mount", ["-t", "tmpfs", "tmpfs", $"{volume}/below"]));
        try
        {
            const string script = "touch /v/f /v/below/f 2>&1; :";
            string one = Inside(level, script, config => config.Bind(volume, "/v", "rbind", "ro"));
            Assert.Equal("touch: /v/f: Read-only file system", one);
            Assert.True(File.Exists($"{volume}/below/f"));

            string both = Inside(level, script, config => config.Bind(volume, "/v", "rbind", "rro"));
            Assert.Equal("touch: /v/f: Read-only file system\ntouch: /v/below/f: Read-only file system", both);
        }
        finally
        {
            Command.Run("umount", [$"{volume}/below"]);
        }
    }

    [Theory, ForEachLevel]
    public void AFile_CanBeBound_AndItsPlaceIsMade(string level)
    {
        string volume = Volume("volume");
        File.WriteAllText($"{volume}/f", "content\n");

        string said = Inside(level, "cat /etc/new/file /etc/group; echo more >>/etc/new/file; echo no 2>&1 >>/etc/group", config =>
        {
            config.Bind($"{volume}/f", "/etc/new/file");
            config.Bind($"{volume}/f", "/etc/group", "ro");
            config.Shell("cat /etc/new/file /etc/group; echo more >>/etc/new/file; (echo no >>/etc/group) 2>&1; :");
        });

        Assert.StartsWith("content\ncontent\n", said);
        Assert.Contains("Read-only file system", said);
        Assert.Equal("content\nmore\n", File.ReadAllText($"{volume}/f"));
    }

    [Theory, ForEachLevel]
    public void AMissingSource_IsNamed(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Bind("/nonsense/source", "/v"));

        Failed(bundle.Run(), "/nonsense/source");
    }

    [Theory, ForEachLevel]
    public void MountOptions_AreThoseOfTheSpec(string level)
    {
        string volume = Volume("volume");

        string options = Inside(level, "awk '$5 == \"/v\" || $5 == \"/t\" {print $5, $6}' /proc/self/mountinfo | sort", config =>
        {
            config.Bind(volume, "/v", "nosuid", "nodev", "noexec", "noatime", "ro");
            config.Mount("/t", "tmpfs", "tmpfs", "nosuid", "strictatime", "size=1m", "mode=700");
        });

        Assert.Equal("/t rw,nosuid\n/v ro,nosuid,nodev,noexec,noatime", options.Replace(",idmapped", ""));
    }

    [Theory, ForEachLevel]
    public void ATmpfs_HasItsSizeAndMode_AndTakesUpWhatItHides(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Mount("/etc", "tmpfs", "tmpfs", "tmpcopyup", "mode=755");
            config.Mount("/t", "tmpfs", "tmpfs", "size=1m", "mode=1711");
            config.Shell($"cat /etc/new; echo changed >/etc/new; {Owner} /t /etc; df -k /t | awk 'END {{print $2}}'");
        });
        File.WriteAllText($"{bundle.Rootfs}/etc/new", "of the image\n");

        Assert.Equal("of the image\n1711 0 0\n755 0 0\n1024", Succeeded(bundle.Run()));
        Assert.Equal("of the image\n", File.ReadAllText($"{bundle.Rootfs}/etc/new"));
    }

    [Theory, ForEachLevel]
    public void AReadOnlyRoot_RefusesWrites_ExceptOnMounts(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config["root"]!["readonly"] = true;
            config.Mount("/t", "tmpfs", "tmpfs");
            config.Shell("touch /t/f && touch /f 2>&1; mount -o remount,rw / 2>&1; touch /g 2>&1; :");
        });

        string said = Succeeded(bundle.Run());

        Assert.Contains("/f: Read-only file system", said);
        Assert.Contains("/g: Read-only file system", said);
        Assert.False(File.Exists($"{bundle.Rootfs}/f") || File.Exists($"{bundle.Rootfs}/g"));
    }

    [Theory, ForEachLevel]
    public void MaskedPaths_AreEmpty(string level)
    {
        const string script = "cat /proc/kcore /etc/passwd; ls -A /etc/secret /sys/firmware; (echo x >/etc/secret/f) 2>&1; :";
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Linux()["maskedPaths"] = Config.Json((string[])["/proc/kcore", "/etc/passwd", "/etc/secret", "/sys/firmware", "/nonsense"]);
            config.Shell(script);
        });
        Directory.CreateDirectory($"{bundle.Rootfs}/etc/secret");
        File.WriteAllText($"{bundle.Rootfs}/etc/secret/key", "secret");

        string said = Succeeded(bundle.Run());

        Assert.DoesNotContain("key", said);
        Assert.DoesNotContain("root:", said);
        Assert.Contains("Read-only file system", said);
    }

    [Theory, ForEachLevel]
    public void ReadOnlyPaths_RefuseWrites(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Linux()["readonlyPaths"] = Config.Json((string[])["/proc/sysrq-trigger", "/etc/fixed", "/proc/irq", "/nonsense"]);
            config.Shell("(echo h >/proc/sysrq-trigger) 2>&1; (echo x >/etc/fixed/f) 2>&1; touch /proc/irq/x 2>&1; cat /etc/fixed/f");
        });
        Directory.CreateDirectory($"{bundle.Rootfs}/etc/fixed");
        File.WriteAllText($"{bundle.Rootfs}/etc/fixed/f", "content");

        string said = Succeeded(bundle.Run());

        Assert.Contains("/etc/fixed/f: Read-only file system", said);
        Assert.EndsWith("content", said);
        Assert.Contains("/proc/sysrq-trigger: ", said);
    }

    [Fact]
    public void APlainContainer_CannotWriteSysctls() =>
        Assert.Contains("Read-only file system", Inside("plain", "(echo 1 >/proc/sys/net/ipv4/ip_forward) 2>&1; :"));

    [Theory, ForEachLevel]
    public void TheDevicesOfEveryContainer_AreThere(string level)
    {
        string said = Inside(level, "for d in null zero full random urandom tty; do stat -c '%n %a %t:%T %u %g' /dev/$d; done; echo x >/dev/null; head -c 2 /dev/zero | xxd -p; ls -d /dev/ptmx /dev/pts /dev/shm /dev/mqueue; readlink /dev/fd; readlink /dev/stdin");

        Assert.Equal(
            """
            /dev/null 666 1:3 0 0
            /dev/zero 666 1:5 0 0
            /dev/full 666 1:7 0 0
            /dev/random 666 1:8 0 0
            /dev/urandom 666 1:9 0 0
            /dev/tty 666 5:0 0 0
            0000
            /dev/mqueue
            /dev/ptmx
            /dev/pts
            /dev/shm
            /proc/self/fd
            """.ReplaceLineEndings("\n"),
            said.Replace("\n/proc/self/fd/0", ""));
    }

    [Fact]
    public void ADeviceOfTheSpec_IsMade_WithItsModeAndOwner()
    {
        string said = Inside("plain", $"{Owner} /dev/mine; stat -c %t:%T /dev/mine; head -c 3 /dev/mine | xxd -p; {Owner} /dev/pipe", config =>
        {
            config.Linux()["devices"] = Config.Json((object[])
            [
                new { path = "/dev/mine", type = "c", major = 1, minor = 5, fileMode = 0x1A0, uid = 12, gid = 34 },
                new { path = "/dev/pipe", type = "p", fileMode = 0x180 },
            ]);
            config.Linux()["resources"]!["devices"]!.AsArray().Add(Config.Json(new { allow = true, type = "c", major = 1, minor = 5, access = "rwm" }));
            config.Capabilities("CAP_DAC_OVERRIDE");
        });

        Assert.Equal("640 12 34\n1:5\n000000\n600 0 0", said);
    }

    [Fact]
    public void ADeviceThatIsNotAllowed_CannotBeOpened()
    {
        string said = Inside("plain", "head -c 1 /dev/mine 2>&1; mknod /dev/other c 1 5 2>&1 && head -c 1 /dev/other 2>&1; :", config =>
        {
            config.Linux()["devices"] = Config.Json((object[])[new { path = "/dev/mine", type = "c", major = 1, minor = 1, fileMode = 0x1B6 }]);
            config.Capabilities("CAP_DAC_OVERRIDE", "CAP_MKNOD", "CAP_SYS_RAWIO");
        });

        Assert.Contains("/dev/mine: Operation not permitted", said);
    }

    [Theory]
    [InlineData("private", "")]
    [InlineData("rprivate", "")]
    [InlineData("shared", "shared:")]
    [InlineData("slave", "master:")]
    [InlineData("rslave", "master:")]
    [InlineData("unbindable", "unbindable")]
    public void APropagationOption_HoldsForTheMount(string option, string shown)
    {
        string volume = Volume("volume");
        Succeeded(Command.Run("mount", ["--bind", volume, volume]));
        Succeeded(Command.Run("mount", ["--make-shared", volume]));
        try
        {
            string fields = Inside("plain", "awk '$5 == \"/v\" {print $7}' /proc/self/mountinfo", config => config.Bind(volume, "/v", option));

            Assert.StartsWith(shown.Length == 0 ? "-" : shown, fields);
        }
        finally
        {
            Command.Run("umount", [volume]);
        }
    }

    [Fact]
    public void ARootOfPropagationShared_IsShared() =>
        Assert.StartsWith("shared:", Inside("plain", "awk '$5 == \"/\" {print $7}' /proc/self/mountinfo", config =>
            config.Linux()["rootfsPropagation"] = "shared"));

    [Theory, ForEachLevel]
    public void NoMountOfTheContainer_ReachesTheHost(string level)
    {
        IReadOnlySet<string> before = Leftovers.Mounts();
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();

        Assert.DoesNotContain(Leftovers.Mounts().Except(before), line => line.Contains(Scratch));
    }

    [Theory, ForEachLevel]
    public void ALinkInTheRoot_DoesNotLeadAMountOut(string level)
    {
        string volume = Volume("volume");
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Bind(volume, "/link/v");
            config.Shell("echo inside >/link/v/f; ls /work-of-host");
        });
        File.CreateSymbolicLink($"{bundle.Rootfs}/link", "/../../../work-of-host");

        Assert.Equal("v", Succeeded(bundle.Run()));

        Assert.True(File.Exists($"{volume}/f"));
        Assert.False(Directory.Exists("/work-of-host"));
    }

    string Volume(string name) => Directory.CreateDirectory($"{Scratch}/{name}").FullName;

    [Theory, ForEachLevel]
    public void AFileBelowADanglingLink_IsMade_WhereTheLinkLeadsInside(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("cat /etc/hosts; cat /srv/a/b/hosts");
            config.Bind("/etc/hostname", "/etc/hosts", "ro");
        });
        File.CreateSymbolicLink($"{bundle.Rootfs}/etc/hosts", "/srv/a/b/hosts");

        string host = File.ReadAllText("/etc/hostname");
        Assert.Equal((host + host).Trim(), Succeeded(bundle.Run()).Trim());
        Assert.True(File.Exists($"{bundle.Rootfs}/srv/a/b/hosts"));
        Assert.False(Directory.Exists("/srv/a"));
    }
}
