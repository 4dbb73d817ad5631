using System.Text;
using Caisson.Containers.Rootfs;
using Caisson.Kernel.Mounts;
using CsCheck;

namespace Caisson.Containers.Tests.Rootfs;

public sealed class OverlayLayersTests
{
    [Fact]
    public void Layers_and_the_options_to_repeat_are_read()
    {
        OverlayLayers layers = Parse("rw,lowerdir=/d/l/A:/d/l/B,upperdir=/d/1/diff,workdir=/d/1/work,index=off,metacopy=on,volatile")!;
        Assert.Equal(["/d/l/A", "/d/l/B"], layers.Lower);
        Assert.Equal("/d/1/diff", layers.Upper);
        Assert.Equal("/d/1/work", layers.Work);
        Assert.Equal(["index=off", "metacopy=on", "volatile"], layers.Options);
    }

    [Fact]
    public void Of_a_specs_mount_all_other_options_are_kept()
    {
        OverlayLayers layers = OverlayLayers.Parse([("lowerdir", @"/a\:b:/c"), ("upperdir", @"/u\,v"), ("workdir", "/w"), ("userxattr", null), ("x", "y")])!;
        Assert.Equal(["/a:b", "/c"], layers.Lower);
        Assert.Equal(("/u,v", "/w"), (layers.Upper, layers.Work));
        Assert.Equal(["userxattr", "x=y"], layers.Options);
        Assert.Null(OverlayLayers.Parse([("lowerdir", "/a::/data")]));
        Assert.Null(OverlayLayers.Parse([("lowerdir+", "/a"), ("datadir+", "/data")]));
    }

    [Fact]
    public void Relative_layers_stay_relative() => Assert.Equal(["l/A", "l/B"], Parse("rw,lowerdir=l/A:l/B,upperdir=/d/1/diff,workdir=/d/1/work")!.Lower);

    [Fact]
    public void Escaped_colons_and_commas_belong_to_names()
    {
        OverlayLayers layers = Parse(@"rw,lowerdir=/a\134:b:/c\054d,upperdir=/u\054v,workdir=/w")!;
        Assert.Equal(["/a:b", "/c,d"], layers.Lower);
        Assert.Equal("/u,v", layers.Upper);
    }

    [Fact]
    public void Layers_given_one_by_one_are_read() => Assert.Equal(["/a", "/b"], Parse("rw,lowerdir+=/a,lowerdir+=/b,upperdir=/u,workdir=/w")!.Lower);

    [Fact]
    public void Data_only_layers_cannot_be_rebuilt() => Assert.Null(Parse("rw,lowerdir=/a::/data,upperdir=/u,workdir=/w"));

    [Fact]
    public void Another_file_system_has_no_layers() => Assert.Null(OverlayLayers.Parse(Line("ext4", "rw")));

    [Fact]
    public void No_options_throw() => Gen.String[Gen.Char["abc,:\\/=lowerdirupwk01 "], 0, 60].Sample(text =>
    {
        _ = OverlayLayers.Parse(Line("overlay", text.Replace(' ', '_')));
    });

    static OverlayLayers? Parse(string options) => OverlayLayers.Parse(Line("overlay", options));

    static MountInfo Line(string type, string options) =>
        MountInfo.Parse(Encoding.UTF8.GetBytes($"30 1 0:40 / /merged rw,relatime - {type} overlay {options}"))!;
}
