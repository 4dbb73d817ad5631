using System.Globalization;
using System.Text;
using Caisson.Kernel.Mounts;
using Caisson.Tests;
using CsCheck;

namespace Caisson.Kernel.Tests.Mounts;

public sealed class MountInfoTests
{
    [Theory]
    [InlineData("host-cgroup-v1")]
    [InlineData("docker-container")]
    [InlineData("odd")]
    public void A_real_or_odd_table_is_read_as_reviewed(string name)
    {
        StringBuilder text = new();
        foreach (MountInfo mount in MountInfo.ParseAll(Golden.Read($"kernel/mountinfo-{name}.txt")))
        {
            text.Append(CultureInfo.InvariantCulture, $"{mount.Id} in {mount.ParentId}: {Show(mount.Target)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  {mount.Type} {mount.Device} \"{Show(mount.Source)}\" from {Show(mount.Root)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  {mount.Options} | {mount.SuperOptions} | {mount.Propagation}\n");
        }

        Golden.AssertEqual($"kernel/mountinfo-{name}.parsed", text.ToString());
    }

    [Fact]
    public void This_processs_own_table_is_read_line_by_line()
    {
        byte[] table = File.ReadAllBytes("/proc/self/mountinfo");

        Assert.Equal(table.Count(it => it == '\n'), MountInfo.ParseAll(table).Count);
    }

    [Fact]
    public void One_mount_is_found_by_its_whole_id()
    {
        byte[] table = Golden.Read("kernel/mountinfo-host-cgroup-v1.txt");

        Assert.Equal("/proc", MountInfo.Find(table, 22)?.Target);
        Assert.Null(MountInfo.Find(table, 2));
        Assert.Null(MountInfo.Find(table, ulong.MaxValue));
        Assert.Null(MountInfo.Find([], 1));
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        MountInfo.ParseAll(bytes);
        MountInfo.Find(bytes, 1);
    });

    [Fact]
    public void No_mutilated_line_makes_it_throw()
    {
        byte[] line = Encoding.UTF8.GetBytes("36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/ro\\134ot rw,errors=continue");
        Gen.Select(Gen.Int[0, line.Length - 1], Gen.Byte, Gen.Int[0, line.Length]).Sample((at, value, length) =>
        {
            byte[] changed = [.. line];
            changed[at] = value;
            MountInfo.ParseAll(changed.AsSpan(0, length));
        });
    }

    [Fact]
    public void Any_name_comes_back_from_the_kernels_escapes()
    {
        Gen<string> names = Gen.Char["aZ09 \t\n\\#-/.é\u4e2d"].Array[1, 30].Select(it => new string(it));
        Gen.Select(names, names, names).Sample((root, target, source) =>
        {
            string line = $"1 2 0:3 {Mangle(root)} {Mangle(target)} rw shared:1 - tmpfs {Mangle(source)} rw";
            MountInfo? mount = MountInfo.Parse(Encoding.UTF8.GetBytes(line));
            Assert.Equal((root, target, source), (mount?.Root, mount?.Target, mount?.Source));
        });
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(@"a\040b", "a b")]
    [InlineData(@"\134040", @"\040")]
    [InlineData(@"tail\", @"tail\")]
    [InlineData(@"tail\04", @"tail\04")]
    [InlineData(@"\089", @"\089")]
    [InlineData(@"\303\251", "é")]
    public void Only_a_whole_escape_is_undone(string escaped, string expected) =>
        Assert.Equal(expected, MountInfo.Unescape(escaped));

    // seq_path and mangle of the kernel: blank, tab, newline, backslash; show_mnt_opts adds the number sign.
    static string Mangle(string name) =>
        string.Concat(name.Select(it => it is ' ' or '\t' or '\n' or '\\' or '#' ? $"\\{Convert.ToString(it, 8).PadLeft(3, '0')}" : $"{it}"));

    static string Show(string text) => text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
}
