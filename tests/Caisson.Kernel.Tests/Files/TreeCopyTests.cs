using System.Net.Sockets;
using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests.Files;

public sealed class TreeCopyTests
{
    [Fact]
    public void Contents_KeepsKindsOwnersModesAndTimes()
    {
        using Scratch scratch = new();
        scratch.Run("""
            cd from
            mkdir -p a/b/c; echo text > a/b/file; echo set > a/setuid; chown 12:34 a/setuid; chmod 6755 a/setuid
            ln -s ../nowhere a/link; chown -h 5:6 a/link; ln -s /etc/passwd absolute
            mkfifo -m 640 fifo; mknod whiteout c 0 0; mknod null c 1 3; mknod -m 660 block b 253 4660
            mkdir empty sticky; chmod 1777 sticky; chown 7:8 empty; chmod 2000 empty
            touch -d '2001-02-03 04:05:06.123456789' a/b/file a/b/c whiteout; touch -h -d '1999-01-01 00:00:00.5' a/link
            touch -d '2010-10-10 10:10:10.1' a/b
            """);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"{scratch.Path}/from/socket"));

        TreeCopy.Contents(scratch.From, scratch.To);

        Assert.Equal(scratch.Describe("from"), scratch.Describe("to"));
        Assert.Contains("a/setuid f 6755 12:34", scratch.Describe("to"));
    }

    [Fact]
    public void Contents_KeepsHardLinks_AlsoOfWhiteouts()
    {
        using Scratch scratch = new();
        scratch.Run("cd from; mkdir d e; echo x > d/one; ln d/one e/two; ln d/one three; mknod d/w c 0 0; ln d/w e/w; ln -s x l; ln l e/l");

        TreeCopy.Contents(scratch.From, scratch.To);

        Assert.Equal(scratch.Describe("from"), scratch.Describe("to"));
        Assert.Equal("4", scratch.Run("cd to; stat -c %i d/one e/two three d/w e/w l e/l d e | sort -u | sed '/^$/d' | wc -l | xargs -I{} expr {} - 1"));
    }

    [Fact]
    public void Contents_KeepsHoles()
    {
        using Scratch scratch = new();
        scratch.Run("cd from; truncate -s 1G hole; truncate -s 1G some; printf data | dd of=some bs=1 seek=500000000 conv=notrunc status=none; printf end | dd of=some bs=1 seek=900000000 conv=notrunc status=none");

        TreeCopy.Contents(scratch.From, scratch.To);

        Assert.Equal("1073741824 1073741824", scratch.Run("stat -c %s to/hole to/some | xargs"));
        Assert.Equal("data end", scratch.Run("dd if=to/some bs=1 skip=500000000 count=4 status=none; echo -n ' '; dd if=to/some bs=1 skip=900000000 count=3 status=none"));
        Assert.True(int.Parse(scratch.Run("du -sk to | cut -f1")) < 100);
    }

    [Fact]
    public void Contents_KeepsExtendedAttributes()
    {
        using Scratch scratch = new();
        scratch.Run("cd from; mkdir d; echo x > d/f; chown 1000:1000 d/f; ln -s t l; mknod w c 0 0; chmod 750 d/f");
        byte[] capability = [1, 0, 0, 2, 0, 0x24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        // ACL, version 2: user::rwx, user 1001:rw-, group::r-x, mask::r-x, other::---; as the kernel has it in 5 entries of 8 bytes.
        byte[] acl =
        [
            2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 2, 0, 6, 0, 233, 3, 0, 0, 4, 0, 5, 0, 255, 255, 255, 255,
            16, 0, 5, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
        ];
        byte[] large = new byte[3000];
        Array.Fill(large, (byte)7);
        using (Fd file = scratch.Open("from/d/f"), directory = scratch.Open("from/d"))
        {
            Xattr.Set(file, "security.capability", capability);
            Xattr.Set(file, "user.large", large);
            Xattr.Set(file, "user.empty", []);
            Xattr.Set(file, "system.posix_acl_access", acl);
            Xattr.Set(directory, "trusted.overlay.opaque", "y"u8);
            Xattr.Set(directory, "system.posix_acl_default", acl);
        }

        scratch.SetAttribute("from/l", "trusted.t", "link");
        scratch.SetAttribute("from/w", "trusted.t", "node");

        TreeCopy.Contents(scratch.From, scratch.To);

        using Fd copy = scratch.Open("to/d/f");
        using Fd copiedDirectory = scratch.Open("to/d");
        Assert.Equal(capability, Xattr.TryGet(copy, "security.capability"));
        Assert.Equal(large, Xattr.TryGet(copy, "user.large"));
        Assert.Equal(Array.Empty<byte>(), Xattr.TryGet(copy, "user.empty"));
        Assert.Equal(acl, Xattr.TryGet(copy, "system.posix_acl_access"));
        Assert.Equal("y"u8.ToArray(), Xattr.TryGet(copiedDirectory, "trusted.overlay.opaque"));
        Assert.Equal(acl, Xattr.TryGet(copiedDirectory, "system.posix_acl_default"));
        Assert.Equal("link", scratch.GetAttribute("to/l", "trusted.t"));
        Assert.Equal("node", scratch.GetAttribute("to/w", "trusted.t"));
        Assert.Equal(scratch.Describe("from"), scratch.Describe("to"));
    }

    [Fact]
    public void Contents_DoesNotInheritTheDefaultAclOfTheTarget()
    {
        using Scratch scratch = new();
        scratch.Run("echo x > from/f; chmod 640 from/f; mkdir from/d");
        byte[] acl =
        [
            2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 2, 0, 7, 0, 233, 3, 0, 0, 4, 0, 7, 0, 255, 255, 255, 255,
            16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 7, 0, 255, 255, 255, 255,
        ];
        using (Fd to = scratch.To)
        {
            Xattr.Set(to, "system.posix_acl_default", acl);
            TreeCopy.Contents(scratch.From, to);
        }

        using Fd file = scratch.Open("to/f");
        using Fd directory = scratch.Open("to/d");
        Assert.Empty(Xattr.List(file));
        Assert.Empty(Xattr.List(directory));
        Assert.Equal(scratch.Describe("from"), scratch.Describe("to"));
    }

    [Fact]
    public void Contents_KeepsNamesAndTargetsThatAreNoUtf8()
    {
        using Scratch scratch = new();
        scratch.Run("""cd from; mkdir $'d\xff\xfe'; echo x > $'d\xff\xfe/f\x80 \n"'; ln -s $'\xc3\x28' $'l\x01'; touch -- -rf '*' ' ' $'\xef\xbf\xbd'; ln $'d\xff\xfe/f\x80 \n"' $'second\xf0'""");

        TreeCopy.Contents(scratch.From, scratch.To);

        Assert.Equal(scratch.Describe("from"), scratch.Describe("to"));
    }

    [Fact]
    public void Contents_ManagesTreesDeeperThanPathMax_AndRemoveTakesThemAway()
    {
        using Scratch scratch = new();
        const int depth = 700;
        const string name = "deeper-now";
        Fd at = scratch.From;
        for (int i = 0; i < depth; i++)
        {
            Directories.TryMake(at, name, 0x1C0 /* 0700 */);
            at = OpenAt2.Open(at, name, OpenFlags.O_RDONLY);
        }

        FileText.Replace(at, "file", "deep"u8);
        using (Fd from = scratch.From, to = scratch.To)
        {
            TreeCopy.Contents(from, to);

            at = to;
            for (int i = 0; i < depth; i++)
            {
                at = OpenAt2.Open(at, name, OpenFlags.O_RDONLY);
            }

            Assert.Equal("deep", FileText.Read(at, "file"));
            TreeCopy.RemoveContents(from);
            TreeCopy.RemoveContents(to);
        }

        Assert.Equal("", scratch.Run("find from to -mindepth 1"));
    }

    [Fact]
    public void Contents_DoesNotFollowLinks_OnEitherSide()
    {
        using Scratch scratch = new();
        scratch.Run("mkdir outside; echo secret > outside/f; mkdir from/d; echo mine > from/d/f; ln -s ../outside to/d");

        KernelException failure = Assert.Throws<KernelException>(() => TreeCopy.Contents(scratch.From, scratch.To));

        Assert.Equal("d", failure.Subject);
        Assert.Equal("secret", scratch.Run("cat outside/f"));
    }

    [Fact]
    public void Contents_NamesThePathBelowTheTop_WhenItFails()
    {
        using Scratch scratch = new();
        scratch.Run("mkdir -p from/a/b to/a; echo x > from/a/b/f");

        KernelException failure = Assert.Throws<KernelException>(() => TreeCopy.Contents(scratch.From, scratch.To));

        Assert.Equal((Errno.EEXIST, "a"), (failure.Errno, failure.Subject));
    }

    [Fact]
    public void Contents_CopiesBetweenFileSystems()
    {
        using Scratch scratch = new();
        string memory = Directory.CreateTempSubdirectory("x").FullName;
        Directory.Delete(memory);
        memory = "/dev/shm/" + Path.GetFileName(memory);
        Directory.CreateDirectory(memory);
        try
        {
            scratch.Run("cd from; mkdir d; head -c 300001 /dev/urandom > d/data; ln d/data link; truncate -s 5M hole; printf x >> hole; mknod w c 0 0");
            using Fd target = OpenAt2.Open(memory, OpenFlags.O_RDONLY);
            TreeCopy.Contents(scratch.From, target);
            Assert.Equal("", scratch.Run($"diff -r --no-dereference from {memory}"));
            Assert.Equal("2 1", scratch.Run($"stat -c %h {memory}/link {memory}/w | xargs"));
        }
        finally
        {
            Directory.Delete(memory, recursive: true);
        }
    }

    [Fact]
    public void Layer_DeletesReplacesAndMerges()
    {
        using Scratch scratch = new();
        scratch.Run("""
            mkdir -p to/kept to/gone/deep to/opaque/old to/dir to/merged; echo low > to/merged/low; echo low > to/file; echo low > to/opaque/f; echo low > to/dir/f
            cd from
            mknod gone c 0 0; mknod content c 0 0; mkdir -p opaque merged inner; echo up > opaque/new; echo up > merged/up; echo up > file
            mknod merged/low c 0 0; chmod 700 merged; echo up > dir
            """);
        using (Fd opaque = scratch.Open("from/opaque"), inner = scratch.Open("from/inner"))
        {
            Xattr.Set(opaque, "trusted.overlay.opaque", "y"u8);
            Xattr.Set(inner, "trusted.overlay.opaque", "y"u8);
        }

        TreeCopy.Layer(scratch.From, scratch.To);

        Assert.Equal(
            "content:character special file dir:regular file file:regular file inner:directory kept:directory merged/up:regular file merged:directory opaque/new:regular file opaque:directory",
            scratch.Run("cd to; find . -mindepth 1 -printf '%P\\n' | xargs stat -c %n:%F | sed 's/regular empty/regular/' | sort | xargs"));
        Assert.Equal("700", scratch.Run("stat -c %a to/merged"));
        using Fd copied = scratch.Open("to/opaque");
        using Fd content = scratch.Open("to/inner");
        Assert.Null(Xattr.TryGet(copied, "trusted.overlay.opaque"));
        Assert.Equal("y"u8.ToArray(), Xattr.TryGet(content, "trusted.overlay.opaque"));
    }

    [Fact]
    public void Attributes_ReplacesAllOfTheTarget()
    {
        using Scratch scratch = new();
        scratch.Run("chown 3:4 from; chmod 2751 from; touch -d 2005-05-05 from");
        using (Fd to = scratch.To, from = scratch.From)
        {
            Xattr.Set(to, "user.old", "x"u8);
            Xattr.Set(from, "user.new", "y"u8);
            TreeCopy.Attributes(from, to);
            Assert.Equal(["user.new"], Xattr.List(to));
        }

        Assert.Equal(scratch.Run("stat -c '%a %u %g %y' from"), scratch.Run("stat -c '%a %u %g %y' to"));
    }

    [Fact]
    public void Remove_StopsAtTheDeadline_AndDoesNotFollowLinks()
    {
        using Scratch scratch = new();
        scratch.Run("mkdir outside; touch outside/f; mkdir -p from/d/e; ln -s ../../outside from/d/l; ln -s ../outside from/l");
        using Fd from = scratch.From;

        Assert.False(TreeCopy.Remove(from, "d", deadline: 0));
        Assert.True(TreeCopy.Remove(from, "d"));
        Assert.True(TreeCopy.Remove(from, "l"));
        Assert.True(TreeCopy.Remove(from, "missing"));

        Assert.Equal("outside/f", scratch.Run("find from outside -mindepth 1"));
    }
}
