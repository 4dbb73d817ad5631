using Caisson.Root.Tests.Harness;
using Caisson.Root.Tests.Monitor;

namespace Caisson.Root.Tests.View;

/// <summary>procfs and sysfs that are mounted anew inside a system container, by whatever way.</summary>
public sealed class FreshMountTests : RootTest
{
    const string Mounter = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/mount.h>
        #include <sys/syscall.h>
        #include <unistd.h>

        /* mounter new TYPE DIR: the new mount API; mounter fd TYPE DIR: mount(2) on a descriptor's name; mounter old32 TYPE DIR: by
           the 32-bit entry; mounter many TYPE DIR: thousands of times. */
        int main(int argc, char **argv)
        {
            if (argc != 4) return 2;
            if (!strcmp(argv[1], "new")) {
                int context = syscall(SYS_fsopen, argv[2], 0);
                if (context < 0 || syscall(SYS_fsconfig, context, 6, 0, 0, 0)) return perror("fsconfig"), 1;
                int mount = syscall(SYS_fsmount, context, 0, 0);
                if (mount < 0 || syscall(SYS_move_mount, mount, "", AT_FDCWD, argv[3], 4)) return perror("move_mount"), 1;
                return 0;
            }
            if (!strcmp(argv[1], "fd")) {
                char name[64];
                sprintf(name, "/proc/self/fd/%d", open(argv[3], O_PATH | O_DIRECTORY));
                if (mount("none", name, argv[2], 0, 0)) return perror("mount"), 1;
                return 0;
            }
            if (!strcmp(argv[1], "many")) {
                /* Options that take memory to read. */
                char data[4096] = "";
                for (int i = 0; i < 370; i++) strcat(data, "hidepid=0,");
                for (int i = 0; i < 3000; i++) {
                    if (mount("none", argv[3], argv[2], 0, data)) return perror("mount"), 1;
                    if (umount2(argv[3], MNT_DETACH)) return perror("umount2"), 1;
                }
                return 0;
            }
        #ifdef __x86_64__
            if (!strcmp(argv[1], "old32")) {
                /* Not position independent, and on the stack no longer: all of it below 4 GiB. */
                static char type[64], dir[256], none[] = "none";
                strcpy(type, argv[2]);
                strcpy(dir, argv[3]);
                long result;
                asm volatile("int $0x80" : "=a"(result) : "a"(21), "b"(none), "c"(dir), "d"(type), "S"(0), "D"(0) : "memory", "r8", "r9", "r10", "r11");
                if (result) return fprintf(stderr, "mount: %ld\n", result), 1;
                return 0;
            }
        #endif
            return 2;
        }
        """;

    // The type and the place change while the call is made.
    const string Racer = """
        #define _GNU_SOURCE
        #include <pthread.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/mount.h>
        #include <time.h>

        static volatile char type[16] = "proc", place[16] = "/a";
        static volatile int stop;

        static void *change(void *unused)
        {
            while (!stop) { memcpy((char *)type, "tmpfs", 6); memcpy((char *)place, "/../b", 6); memcpy((char *)type, "proc", 5); memcpy((char *)place, "/a", 3); }
            return unused;
        }

        int main(void)
        {
            pthread_t thread;
            time_t end = time(0) + 2;
            long calls = 0;
            pthread_create(&thread, 0, change, 0);
            while (time(0) < end) {
                mount("none", (char *)place, (char *)type, 0, 0);
                umount2("/a", MNT_DETACH); umount2("/b", MNT_DETACH);
                calls++;
            }
            stop = 1;
            pthread_join(thread, 0);
            printf("%ld calls\n", calls);
            return 0;
        }
        """;

    [Theory]
    [InlineData("mount -t proc proc /p")]
    [InlineData("cd /; mount -t proc proc p")]
    [InlineData("chroot / mount -t proc none /p")]
    [InlineData("unshare -m sh -c \"mount -t proc proc /p; $0\"")]
    [InlineData("unshare -Urmpf sh -c \"mount -t proc proc /p; $0\"")]
    [InlineData("mount -t proc -o hidepid=2,nosuid proc /p")]
    [InlineData("/mounter new proc /p")]
    [InlineData("unshare -m sh -c \"/mounter new proc /p; $0\"")]
    [InlineData("/mounter fd proc /p")]
    [InlineData("/mounter old32 proc /p")]
    public void AFreshProc_ShowsWhatTheContainersOwnShows(string mount)
    {
        using Bundle bundle = Sleeping();
        // $0 in a script is what is looked at inside the namespaces that it makes; others are looked at from outside.
        const string look = "cat /p/sys/kernel/panic; sed -n 's/^MemTotal: *//p' /p/meminfo; grep -c ' /p/keys ' /proc/self/mountinfo";
        File.WriteAllText($"{bundle.Rootfs}/look", look);
        string script = mount.Contains("$0", StringComparison.Ordinal)
            ? mount.Replace("$0", "sh /look", StringComparison.Ordinal)
            : $"{mount} && sh /look && umount /p && ls -A /p | wc -l";

        string[] seen = bundle.Shell($"mkdir -p /p; echo 7 >/proc/sys/kernel/panic; {script}").Split('\n');

        Assert.Equal(["7", "262144 kB", "1"], seen.Take(3));
        Assert.Equal(mount.Contains("$0", StringComparison.Ordinal) ? [] : ["0"], seen.Skip(3));
    }

    // Each network namespace has files of its own below /proc/sys/net.
    [Theory]
    [InlineData("sh -c")]
    [InlineData("unshare -mn sh -c")]
    [InlineData("unshare -Urmnpf sh -c")]
    public void NetworkFiles_AreCoveredInTheNetworkNamespaceOfWhoMounts(string shell)
    {
        using Bundle bundle = Sleeping();

        Assert.Equal("5000", bundle.Shell($"mkdir -p /p; {shell} 'mount -t proc proc /p; echo 5000 >/p/sys/net/core/rmem_max; cat /p/sys/net/core/rmem_max; umount /p'"));
    }

    [Theory]
    [InlineData("mount -t sysfs sysfs /p")]
    [InlineData("/mounter new sysfs /p")]
    public void AFreshSysfs_ShowsTheContainersCpus(string mount)
    {
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "a quota shows on several CPUs only, and the machine has one");
        using Bundle bundle = Sleeping(config => config.Linux()["resources"]!["cpu"] = Config.Json(new { quota = 100000, period = 100000 }));

        Assert.Equal("0", bundle.Shell($"mkdir -p /p; {mount} && cat /p/devices/system/cpu/online && umount /p"));
    }

    [Fact]
    public void BeforeLinux617_TheHolderMakesIt()
    {
        using Bundle bundle = Sleeping();
        // NotificationMemory.IsOldKernel
        using (FileStream memory = File.OpenWrite($"{States}/{bundle.Id}/monitor.memory"))
        {
            memory.Position = (64 * 1024) + 12;
            memory.WriteByte(1);
        }

        Assert.Equal("7\n7", bundle.Shell(
            "mkdir -p /p; echo 7 >/proc/sys/kernel/panic; mount -t proc -o hidepid=2 proc /p && cat /p/sys/kernel/panic && grep -q hidepid /proc/mounts && umount /p; "
            + "unshare -Urmpf sh -c 'mount -t proc proc /p; cat /p/sys/kernel/panic'"));
    }

    [Theory]
    [InlineData("mount -t proc -o nonsense=1 proc /p", "Invalid argument")]
    [InlineData("mount -t proc proc /missing", "No such file or directory")]
    [InlineData("su -s /bin/sh nobody -c 'mount -t proc proc /p'", "are you root?")]
    public void WhatTheKernelRefuses_IsRefusedInItsWords(string mount, string words)
    {
        using Bundle bundle = Sleeping();
        bundle.Shell("mkdir -p /p");

        CommandResult result = bundle.Exec("sh", "-c", mount);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(words, result.Output + result.Errors);
        Assert.Equal("0", bundle.Shell("grep -c ' /p ' /proc/mounts || true"));
    }

    [Fact]
    public void ABusyProc_StaysWholeWhenUnmountingFails()
    {
        using Bundle bundle = Sleeping();

        Assert.Equal("busy\n7", bundle.Shell(
            "mkdir -p /p; echo 7 >/proc/sys/kernel/panic; mount -t proc proc /p; cd /p/sys; umount /p 2>/dev/null || echo busy; cat /p/sys/kernel/panic; cd /; umount /p"));
    }

    [Theory]
    [InlineData("mount -t tmpfs none /p && touch /p/x && umount /p && echo fine")]
    [InlineData("mount --bind /bin /p && umount /p && echo fine")]
    public void OtherMounts_AreTheKernels(string script)
    {
        using Bundle bundle = Sleeping();

        Assert.Equal("fine", bundle.Shell($"mkdir -p /p; {script}"));
    }

    // So much memory is allocated for them that it is collected several times, which the worker once did not survive.
    [Fact]
    public void ThousandsOfMounts_NeverStopTheWorker()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        int worker = monitor.Worker;

        bundle.Shell("mkdir -p /p; /mounter many proc /p");

        Assert.Equal(worker, monitor.Worker);
        Assert.Equal("", File.ReadAllText($"{States}/{bundle.Id}/monitor.log"));
    }

    [Fact]
    public void ARacingCaller_GainsNothing()
    {
        using Bundle bundle = Sleeping();
        bundle.Compile(Racer, "racer", "-pthread");
        IReadOnlySet<string> before = Leftovers.Mounts();

        Assert.Contains("calls", bundle.Shell("mkdir -p /a /b; /racer"));

        Assert.Equal(before, Leftovers.Mounts());
        Assert.Equal("0", bundle.Shell("cat /proc/sys/kernel/panic"));
        Assert.Equal(0, bundle.Exec("sh", "-c", "mount -t proc proc /a && umount /a").ExitCode);
    }

    Bundle Sleeping(Action<JsonObject>? change = null)
    {
        Bundle bundle = NewBundle("system", config =>
        {
            config.Args("sleep", "1000");
            config.Linux()["resources"]!.AsObject()["memory"] = Config.Json(new { limit = 256 << 20 });
            change?.Invoke(config);
        });
        bundle.Compile(Mounter, "mounter");
        return bundle.Launch();
    }
}
