using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Storage under the engines inside, and root file systems of several kinds.</summary>
public sealed class SystemStorageTests : RootTest
{
    [Fact]
    public void VarLibDocker_IsCaissons_AndWhatItHoldsComesHome()
    {
        using Bundle bundle = Sleeping();
        string line = bundle.Shell("grep ' /var/lib/docker ' /proc/self/mountinfo");
        Assert.Equal($"/var/lib/caisson/docker/{bundle.Id}", line.Split(' ')[3]);
        bundle.Shell("echo kept >/var/lib/docker/f; mkdir -p /var/lib/docker/d; chown 7:8 /var/lib/docker/d");
        Assert.Equal("kept\n", File.ReadAllText($"/var/lib/caisson/docker/{bundle.Id}/f"));

        Succeeded(bundle.Delete("--force"));

        Assert.Equal("kept\n", File.ReadAllText($"{bundle.Rootfs}/var/lib/docker/f"));
        bundle.Launch();
        Assert.Equal("kept\n7:8", bundle.Shell("cat /var/lib/docker/f; stat -c %u:%g /var/lib/docker/d"));
    }

    [Fact]
    public void AVolumeAtVarLibDocker_IsUsedInstead()
    {
        string volume = Directory.CreateDirectory($"{Scratch}/volume").FullName;
        using Bundle bundle = Sleeping(config => config.Bind(volume, "/var/lib/docker"));

        bundle.Shell("touch /var/lib/docker/f");

        Assert.True(File.Exists($"{volume}/f"));
        Assert.False(Directory.Exists($"/var/lib/caisson/docker/{bundle.Id}"));
    }

    [Fact]
    public void AVolumeAtVarLibDocker_IsOneContainersAtATime()
    {
        string volume = Directory.CreateDirectory($"{Scratch}/volume").FullName;
        using Bundle first = Sleeping(config => config.Bind(volume, "/var/lib/docker"));
        using Bundle second = NewBundle("system", config => config.Bind(volume, "/var/lib/docker"));

        Failed(second.Run("--detach"), $"mount \"{volume}\" on /var/lib/docker: it is there in container \"{first.Id}\", too");

        Failed(second.Caisson("state", second.Id), "does not exist");
        Succeeded(first.Delete("--force"));
        Assert.DoesNotContain(Directory.GetFiles("/run/caisson/volumes"), claim => File.ReadAllText(claim).Contains(first.Id, StringComparison.Ordinal));
        second.Launch();
    }

    [Fact]
    public void AnOverlayRoot_IsMountedAgainWithItsLayersMapped()
    {
        using Bundle bundle = Sleeping();
        Succeeded(bundle.Delete("--force"));
        Bash($"cd {Scratch}; mv {bundle.Rootfs} lower; mkdir upper work {bundle.Rootfs}; touch lower/old");
        Succeeded(Bash($"cd {Scratch}; mount -t overlay overlay -o lowerdir={Scratch}/lower,upperdir={Scratch}/upper,workdir={Scratch}/work {bundle.Rootfs}"));
        try
        {
            bundle.Launch();
            bundle.Shell("touch /new; rm /old; chown 3:4 /bin/busybox; echo inner >/var/lib/docker/f");
            Assert.Equal("0:0 3:4", bundle.Shell("stat -c %u:%g /new /bin/busybox | xargs"));
            Succeeded(bundle.Delete("--force"));

            Assert.Equal("0:0", Succeeded(Command.Run("stat", ["-c", "%u:%g", $"{Scratch}/upper/new"])));
            Assert.Equal("3:4", Succeeded(Command.Run("stat", ["-c", "%u:%g", $"{Scratch}/upper/bin/busybox"])));
            Assert.Equal("inner\n", File.ReadAllText($"{Scratch}/upper/var/lib/docker/f"));
            Assert.False(File.Exists($"{bundle.Rootfs}/old"));
        }
        finally
        {
            bundle.Delete("--force");
            Command.Run("umount", [bundle.Rootfs]);
        }
    }

    [Fact]
    public void ARootOnTmpfs_Works() => OnMount("tmpfs", "", bundle =>
    {
        bundle.Launch();
        bundle.Shell("touch /new; mkdir -p /var/lib/docker/d");
        Assert.Equal("0:0", bundle.Shell("stat -c %u:%g /new"));
        Assert.Equal("0:0", Succeeded(Command.Run("stat", ["-c", "%u:%g", $"{bundle.Rootfs}/new"])));
        Succeeded(bundle.Delete("--force"));
        Assert.True(Directory.Exists($"{bundle.Rootfs}/var/lib/docker/d"));
    });

    [Fact]
    public void ARootThatCannotBeMapped_IsTold_AndNothingIsLeft() => OnMount("ramfs", "", bundle =>
    {
        CommandResult result = bundle.Run();

        Failed(result, $"the file system of '{bundle.Rootfs}' cannot be ID-mapped");
        Assert.Contains("\nhint: ", result.Errors);
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    });

    [Fact]
    public void AVolumeThatCannotBeMapped_OnlyWarns()
    {
        string volume = Directory.CreateDirectory($"{Scratch}/volume").FullName;
        Succeeded(Command.Run("mount", ["-t", "ramfs", "ramfs", volume]));
        try
        {
            File.WriteAllText($"{volume}/f", "content");
            using Bundle bundle = NewBundle("system", config =>
            {
                config.Bind(volume, "/v");
                config.Shell("cat /v/f; stat -c %u /v/f");
            });

            CommandResult result = bundle.Run();

            Assert.Equal("content65534", Succeeded(result));
            Assert.Single(result.Errors.Split("warning: ")[1..]);
            Assert.Contains($"'{volume}' on /v cannot be ID-mapped", result.Errors);
        }
        finally
        {
            Command.Run("umount", [volume]);
        }
    }

    // The bundle's root file system lies on a file system of this type.
    void OnMount(string type, string options, Action<Bundle> test)
    {
        using Bundle bundle = NewBundle("system", config => config.Args("sleep", "1000"));
        Bash($"mv {bundle.Rootfs} {Scratch}/image; mkdir {bundle.Rootfs}");
        Succeeded(Bash($"mount -t {type} {options} {type} {bundle.Rootfs} && cp -a {Scratch}/image/. {bundle.Rootfs}"));
        try
        {
            test(bundle);
        }
        finally
        {
            bundle.Delete("--force");
            Command.Run("umount", [bundle.Rootfs]);
        }
    }

    Bundle Sleeping(Action<JsonObject>? change = null) => NewBundle("system", config =>
    {
        config.Args("sleep", "1000");
        change?.Invoke(config);
    }).Launch();
}
