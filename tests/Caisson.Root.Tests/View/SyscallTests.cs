using Caisson.Root.Tests.Harness;
using Caisson.Root.Tests.Monitor;

namespace Caisson.Root.Tests.View;

/// <summary>
/// The calls that the monitor looks at, as a program sees them: with the view they return what they return without one, and what
/// is not looked at needs no monitor.
/// </summary>
public sealed class SyscallTests : RootTest
{
    const string Calls = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/capability.h>
        #include <sched.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mount.h>
        #include <sys/prctl.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/sysinfo.h>
        #include <sys/wait.h>
        #include <unistd.h>

        #define BAD ((void *)1)
        #define SAY(what, call) do { errno = 0; long r_ = (call); printf("%s: %s\n", what, r_ < 0 ? strerrorname_np(errno) : "fine"); fflush(stdout); } while (0)

        static char path[8192];

        /* LENGTH bytes that lead to /p. */
        static const char *longer(int length)
        {
            memset(path, '/', sizeof path);
            strcpy(path + length - 2, "/p");
            return path;
        }

        static int fresh(const char *type)
        {
            int context = syscall(SYS_fsopen, type, 0);
            syscall(SYS_fsconfig, context, 6, 0, 0, 0);
            int mount = syscall(SYS_fsmount, context, 0, 0);
            close(context);
            return mount;
        }

        static int move(int from, int directory, const char *to, unsigned flags) { return syscall(SYS_move_mount, from, "", directory, to, flags); }

        static void clean(void) { while (!umount2("/p", MNT_DETACH)); }

        static void mounts(const char *type)
        {
            char none[] = "none", tight[] = "nonsense=1";
            printf("-- mount %s\n", type);
            SAY("bad path", mount(none, BAD, type, 0, 0));
            SAY("no path", mount(none, 0, type, 0, 0));
            SAY("bad type", mount(none, "/p", BAD, 0, 0));
            SAY("no type", mount(none, "/p", 0, 0, 0));
            SAY("bad source", mount(BAD, "/p", type, 0, 0));
            SAY("no source", mount(0, "/p", type, 0, 0)); clean();
            SAY("bad options", mount(none, "/p", type, 0, BAD));
            SAY("unknown option", mount(none, "/p", type, 0, tight));
            SAY("empty options", mount(none, "/p", type, 0, ",,")); clean();
            SAY("empty path", mount(none, "", type, 0, 0));
            SAY("missing", mount(none, "/missing", type, 0, 0));
            SAY("below missing", mount(none, "/missing/x", type, 0, 0));
            SAY("file", mount(none, "/file", type, 0, 0));
            SAY("below file", mount(none, "/file/x", type, 0, 0));
            SAY("file with slash", mount(none, "/file/", type, 0, 0));
            SAY("loop", mount(none, "/loop", type, 0, 0));
            SAY("dangling", mount(none, "/dangling", type, 0, 0));
            SAY("link", mount(none, "/link", type, 0, 0)); clean();
            SAY("not UTF-8", mount(none, "/\xff\xfe", type, 0, 0)); umount2("/\xff\xfe", MNT_DETACH);
            SAY("twice", mount(none, "/p", type, 0, 0));
            SAY("twice, again", mount(none, "/p", type, 0, 0)); clean();
            SAY("MS_NOUSER", mount(none, "/p", type, 1u << 31, 0)); clean();
            SAY("old magic", mount(none, "/p", type, 0xC0ED0000, 0)); clean();
            SAY("all attributes", mount(none, "/p", type, 0xf | 0x100 | 0x400 | 0x800, 0)); clean();
            SAY("4095 bytes", mount(none, longer(4095), type, 0, 0)); clean();
            SAY("4096 bytes", mount(none, longer(4096), type, 0, 0)); clean();
            memset(path, 'x', 300); path[0] = '/'; path[300] = 0;
            SAY("long name", mount(none, path, type, 0, 0));
        }

        static void unmounts(void)
        {
            printf("-- umount2\n");
            SAY("bad path", umount2(BAD, 0));
            SAY("empty path", umount2("", 0));
            SAY("missing", umount2("/missing", 0));
            SAY("no mount", umount2("/p", 0));
            SAY("below file", umount2("/file/x", 0));
            SAY("root", umount2("/", 0));
            mount("none", "/p", "proc", 0, 0);
            SAY("unknown flag", umount2("/p", 0x100));
            SAY("below", umount2("/p/sys", 0));
            SAY("link, not followed", umount2("/link", UMOUNT_NOFOLLOW));
            /* MNT_EXPIRE alone is not looked at: EBUSY, where the kernel says EAGAIN first. */
            SAY("expire, detached", umount2("/p", MNT_EXPIRE | MNT_DETACH));
            chdir("/p");
            SAY("busy", umount2("/p", 0));
            SAY("busy by its dot", umount2(".", 0));
            chdir("/");
            SAY("link", umount2("/link", 0));
            mount("none", "/p", "proc", 0, 0);
            SAY("4096 bytes", umount2(longer(4096), 0));
            SAY("4095 bytes", umount2(longer(4095), 0));
            mount("none", "/p", "proc", 0, 0);
            chdir("/d/e");
            SAY("relative", umount2("../../../p", 0));
            chdir("/");
            mount("none", "/p", "proc", 0, 0);
            chdir("/p/sys"); chroot("/d");
            SAY("not below the root directory", umount2("..", 0));
            /* Out again. */
            for (int i = 0; i < 9; i++) chdir("..");
            chroot("."); chdir("/");
            clean();
        }

        static void moves(void)
        {
            int mount = fresh("proc");
            printf("-- move_mount\n");
            SAY("bad descriptor", move(99, AT_FDCWD, "/p", 4));
            SAY("bad path", move(mount, AT_FDCWD, BAD, 4));
            SAY("empty path", move(mount, AT_FDCWD, "", 4));
            SAY("missing", move(mount, AT_FDCWD, "/missing", 4));
            SAY("file", move(mount, AT_FDCWD, "/file", 4));
            SAY("bad directory", move(mount, 99, "p", 4));
            SAY("unknown flag", move(mount, AT_FDCWD, "/p", 0x10004));
            SAY("4096 bytes", move(mount, AT_FDCWD, longer(4096), 4));
            SAY("fine", move(mount, AT_FDCWD, "/p", 4));
            SAY("moved again", move(mount, AT_FDCWD, "/d/e", 4)); umount2("/d/e", MNT_DETACH);
            clean();
            int top = open("/", O_PATH), place = open("/p", O_PATH);
            SAY("into a directory", move(fresh("proc"), top, "p", 4)); clean();
            SAY("into itself", move(fresh("proc"), place, "", 0x44)); clean();
            SAY("not a mount", move(place, AT_FDCWD, "/d/e", 4));
        }

        static void others(void)
        {
            printf("-- others\n");
            SAY("sysinfo, bad", sysinfo(BAD));
            struct sysinfo info;
            SAY("sysinfo", sysinfo(&info));
        }

        /* Each in a process of its own. */
        #define AS(what, become) do { printf("-- as %s\n", what); fflush(stdout); if (!fork()) { become; \
            SAY("mount", mount("none", "/p", "proc", 0, 0)); SAY("sysfs", mount("none", "/d/e", "sysfs", 0, 0)); SAY("umount", umount2("/p", 0)); \
            SAY("mount missing", mount("none", "/missing", "proc", 0, 0)); \
            int m = fresh("proc"); SAY("fsmount", m); SAY("move", move(m, AT_FDCWD, "/p", 4)); SAY("umount again", umount2("/p", 0)); exit(0); } \
            wait(0); clean(); umount2("/d/e", MNT_DETACH); } while (0)

        static void drop(int capability)
        {
            struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
            struct __user_cap_data_struct data[2];
            syscall(SYS_capget, &head, data);
            data[capability / 32].effective &= ~(1u << capability % 32);
            syscall(SYS_capset, &head, data);
        }

        static void into(int flags)
        {
            if (unshare(flags)) perror("unshare");
            if (flags & CLONE_NEWPID) { if (fork()) { wait(0); exit(0); } }
        }

        #ifdef __x86_64__
        static long old(long number, long a, long b, long c, long d, long e)
        {
            long r;
            asm volatile("int $0x80" : "=a"(r) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory", "r8", "r9", "r10", "r11");
            if (r < 0) { errno = -r; return -1; }
            return r;
        }

        static void by32(void)
        {
            static char none[] = "none", proc[] = "proc", p[] = "/p", missing[] = "/missing";
            static unsigned info[16];
            #define L(x) ((long)(x))
            printf("-- by the 32-bit entry\n");
            SAY("mount", old(21, L(none), L(p), L(proc), 0, 0));
            SAY("mount, bad", old(21, L(none), 1, L(proc), 0, 0));
            SAY("mount missing", old(21, L(none), L(missing), L(proc), 0, 0));
            SAY("umount2", old(52, L(p), 0, 0, 0, 0));
            SAY("umount2 again", old(52, L(p), 0, 0, 0, 0));
            SAY("sysinfo, bad", old(116, 1, 0, 0, 0, 0));
            SAY("sysinfo", old(116, L(info), 0, 0, 0, 0));
            if (syscall(0x40000000 | SYS_getpid) > 0) {
                printf("-- by x32\n");
                SAY("mount", syscall(0x40000000 | SYS_mount, none, p, proc, 0, 0));
                SAY("umount2", syscall(0x40000000 | SYS_umount2, p, 0));
            }
        }
        #else
        static void by32(void) {}
        #endif

        int main(void)
        {
            mkdir("/p", 0755); mkdir("/d", 0755); mkdir("/d/e", 0755); mkdir("/\xff\xfe", 0755);
            close(open("/file", O_CREAT, 0644));
            symlink("loop", "/loop"); symlink("nowhere", "/dangling"); symlink("/d/../p", "/link");
            mounts("proc"); mounts("sysfs"); unmounts(); moves(); others(); by32();
            AS("nobody", setgid(65534); setuid(65534));
            AS("root without CAP_SYS_ADMIN", drop(CAP_SYS_ADMIN));
            AS("root without CAP_DAC_OVERRIDE", drop(CAP_DAC_OVERRIDE));
            AS("root of mounts of its own", into(CLONE_NEWNS));
            AS("root of mounts, processes and network of its own", into(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET));
            AS("a user namespace without root", into(CLONE_NEWUSER));
            AS("a user namespace without root, with mounts", into(CLONE_NEWUSER | CLONE_NEWNS));
            AS("a user namespace without root, with all", into(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET));
            return 0;
        }
        """;

    [Fact]
    public void WhatCallsReturn_IsWhatTheyReturnWithoutTheView()
    {
        using Bundle with = Sleeping();
        using Bundle without = WithoutView();

        string seen = with.Shell("/calls");

        Assert.True(seen.Split('\n').Length > 150, seen);
        Assert.Equal(without.Shell("/calls"), seen);
        Assert.Equal("", File.ReadAllText($"{States}/{with.Id}/monitor.log"));
    }

    [Theory]
    [InlineData("-t proc proc")]
    [InlineData("-t proc -o nosuid,noexec,nodev,hidepid=2,gid=5 'some source'")]
    [InlineData("-t proc -o ro,noatime,nodiratime a,b=c")]
    [InlineData("-t proc -o strictatime,subset=pid ''")]
    [InlineData("-t sysfs -o ro,nosuid sys")]
    public void WhatMountTablesSayOfAMount_IsWhatTheySayWithoutTheView(string mount)
    {
        const string tables = " 2>&1; grep ' /p ' /proc/mounts | sed 's/gid=[0-9]*/gid/'; grep ' /p ' /proc/self/mountinfo | sed 's/^[0-9]* [0-9]* [0-9:]* //; s/gid=[0-9]*/gid/'";
        using Bundle with = Sleeping();
        using Bundle without = WithoutView();

        string seen = with.Shell($"mkdir /p; mount {mount} /p{tables}");

        Assert.Contains(" /p ", seen);
        Assert.Equal(without.Shell($"mkdir /p; mount {mount} /p{tables}"), seen);
    }

    [Fact]
    public void AGroupAmongTheOptions_IsTheContainers()
    {
        using Bundle bundle = Sleeping();

        Assert.Contains($"gid={bundle.IdMap().Start + 5},", bundle.Shell("mkdir /p; mount -t proc -o gid=5,hidepid=2 proc /p; grep ' /p ' /proc/mounts"));
    }

    [Fact]
    public void WhatIsNotLookedAt_NeedsNoMonitor()
    {
        using Bundle bundle = Sleeping();
        ViewMonitor monitor = new(bundle);
        const string script = """
            mkdir /p /q; mount -t tmpfs none /p
            until [ -e /go ]; do :; done
            say() { "$@" >/dev/null 2>&1 && echo "fine $*" || echo "no $*"; }
            say mount --bind /p /q
            say mount -o remount,bind,ro /q
            say mount --make-shared /q
            say mount --make-rprivate /q
            say umount -l /q
            say mount --move /p /q
            say unshare -m mount --bind /bin /q
            say mount -t tmpfs none /p
            say umount /q
            say free
            touch /done
            """;
        Succeeded(bundle.Caisson("exec", "-d", bundle.Id, "sh", "-c", $"exec >/seen; {script}"));
        Eventually(() => bundle.Shell("grep -c ' /p ' /proc/mounts || true") == "1", "the script waits");

        monitor.Kill(monitor.Holder);
        Eventually(() => monitor.State == "unguarded", "the holder is gone");
        monitor.Kill(monitor.Worker);
        Eventually(() => monitor.State == "gone", "the worker is gone");
        File.WriteAllText($"{bundle.Rootfs}/go", "");
        Eventually(() => File.Exists($"{bundle.Rootfs}/done"), "the script ends");

        string[] seen = File.ReadAllLines($"{bundle.Rootfs}/seen");
        Assert.Equal(10, seen.Length);
        Assert.All(seen.Take(7), line => Assert.StartsWith("fine ", line));
        Assert.All(seen.Skip(7), line => Assert.StartsWith("no ", line));
    }

    Bundle WithoutView() =>
        Sleeping(config => config["annotations"] = Config.Json(new Dictionary<string, string> { ["io.caisson.view"] = "off" }));

    Bundle Sleeping(Action<JsonObject>? change = null)
    {
        Bundle bundle = NewBundle("system", config =>
        {
            config.Args("sleep", "1000");
            config.Linux()["resources"]!.AsObject()["memory"] = Config.Json(new { limit = 256 << 20 });
            change?.Invoke(config);
        });
        bundle.Compile(Calls, "calls");
        return bundle.Launch();
    }
}
