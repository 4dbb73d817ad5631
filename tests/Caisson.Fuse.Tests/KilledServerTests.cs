using System.Globalization;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;

namespace Caisson.Fuse.Tests;

/// <summary>
/// SIGKILL in the middle of each kind of request that a program can bring about: three servers in turn get it, one as it begins,
/// one as it is about to answer, one just after. Whoever asked gets the right answer from the fourth, or had it already.
/// </summary>
public sealed class KilledServerTests
{
    const string Refused = "Operation not permitted";

    // Not here, as no call leads there at will: FUSE_READDIR (FUSE_READDIRPLUS is always used), FUSE_RMDIR (there is no other
    // directory), FUSE_FORGET and FUSE_BATCH_FORGET (when memory is short), FUSE_DESTROY (of block devices
    // only), FUSE_INTERRUPT (its request is answered before it would be read). ResumeTests has
    // them.
    static readonly Dictionary<string, (string Script, string Expected)> s_cases = new()
    {
        [nameof(Opcode.FUSE_INIT)] = ("busybox cat $r/stored", "0\n"),
        [nameof(Opcode.FUSE_LOOKUP)] = ("busybox cat $r/stored; busybox cat $r/nothing 2>&1 | busybox grep -c 'No such file'", "0\n1\n"),
        [nameof(Opcode.FUSE_GETATTR)] = ("exec 3<$r/numbered; busybox stat -L -c %s /dev/fd/3 $r/numbered", "4000\n4000\n"),
        [nameof(Opcode.FUSE_SETATTR)] = ("busybox touch $r/stored && busybox truncate -s 0 $r/stored && busybox cat $r/stored", "0\n"),
        [nameof(Opcode.FUSE_STATFS)] = ("busybox stat -f -c '%S %b' $r/stored", "4096 0\n"),
        [nameof(Opcode.FUSE_OPENDIR)] = ("busybox ls $r/", "large\nnumbered\nslow\nstored\n"),
        [nameof(Opcode.FUSE_READDIRPLUS)] = ("busybox ls $r/", "large\nnumbered\nslow\nstored\n"),
        [nameof(Opcode.FUSE_RELEASEDIR)] = ("busybox ls $r/; busybox cat $r/stored", "large\nnumbered\nslow\nstored\n0\n"),
        [nameof(Opcode.FUSE_OPEN)] = ("busybox cat $r/numbered | busybox uniq | busybox wc -l", "1\n"),
        [nameof(Opcode.FUSE_READ)] = ("busybox dd bs=90 if=$r/large 2>$s/log | busybox uniq | busybox wc -lc", "        1        20\n"),
        [nameof(Opcode.FUSE_WRITE)] = ("echo 5 >$r/stored && busybox cat $r/stored", "5\n"),
        [nameof(Opcode.FUSE_RELEASE)] = ("busybox cat $r/stored $r/stored", "0\n0\n"),
        [nameof(Opcode.FUSE_CREATE)] = ("(: >$r/new) 2>&1", Refused),
        [nameof(Opcode.FUSE_TMPFILE)] = ("perl -e 'sysopen(F, $ARGV[0], 020200002, 0600) or print \"$!\"' $r/", Refused),
        [nameof(Opcode.FUSE_MKNOD)] = ("busybox mkfifo $r/new", Refused),
        [nameof(Opcode.FUSE_MKDIR)] = ("busybox mkdir $r/new", Refused),
        [nameof(Opcode.FUSE_SYMLINK)] = ("busybox ln -s x $r/new", Refused),
        [nameof(Opcode.FUSE_LINK)] = ("busybox ln $r/stored $r/new", Refused),
        [nameof(Opcode.FUSE_UNLINK)] = ("busybox rm $r/stored", Refused),
        [nameof(Opcode.FUSE_RENAME)] = ("busybox mv $r/stored $r/new", Refused),
        [nameof(Opcode.FUSE_RENAME2)] = ("/bin/mv $r/stored $r/new", Refused),
        // Answered with ENOSYS, once.
        ["25"] = ("busybox cat $r/stored $r/stored", "0\n0\n"),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Who_asked_gets_the_right_answer(string name)
    {
        uint opcode = uint.TryParse(name, CultureInfo.InvariantCulture, out uint number) ? number : (uint)Enum.Parse<Opcode>(name);
        using ServedElsewhere served = new((opcode, "begin"), (opcode, "before"), (opcode, "after"));
        (string script, string expected) = s_cases[name];

        string output = served.Run(script);
        if (expected == Refused)
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(expected, output);
        }

        served.WaitForEnds(3);
        Assert.Equal("done\n", served.Run("busybox cat $r/stored >$s/last && echo done"));
        Assert.Empty(served.Log);
    }

    [Fact]
    public void An_interrupted_reader_ends_and_harms_nobody()
    {
        using ServedElsewhere served = new(((uint)Opcode.FUSE_OPEN, "before"), ((uint)Opcode.FUSE_OPEN, "begin"));
        string output = served.Run("busybox cat $r/slow & p=$!; busybox sleep 1; busybox cat $r/slow & q=$!; busybox sleep 0.2; kill -9 $q; wait $p; busybox cat $r/stored");

        Assert.Contains("slow\n", output, StringComparison.Ordinal);
        Assert.EndsWith("0\n", output, StringComparison.Ordinal);
        served.WaitForEnds(2);
        Assert.Empty(served.Log);
    }

    [Fact]
    public void A_request_that_ends_every_server_is_an_error_for_who_asks_and_for_nobody_else()
    {
        uint opcode = (uint)Opcode.FUSE_WRITE;
        using ServedElsewhere served = new([.. Enumerable.Repeat((opcode, "begin"), FuseServer.MostAttempts)]);

        Assert.Contains("rror", served.Run("busybox dd if=/dev/zero of=$r/stored bs=1 count=1"), StringComparison.Ordinal);
        Assert.Equal(FuseServer.MostAttempts, served.Ended);
        Assert.Equal("0\n7\n", served.Run("busybox cat $r/stored; echo 7 >$r/stored; busybox cat $r/stored"));
        Assert.Contains("too many servers", Assert.Single(served.Log), StringComparison.Ordinal);
    }
}
