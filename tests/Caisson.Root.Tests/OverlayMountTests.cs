using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Overlays among the mounts of a spec, as BuildKit asks for them: with more options than fsconfig(2) takes.</summary>
public sealed class OverlayMountTests : RootTest
{
    const int Layers = 40;

    [Theory, ForEachLevel]
    public void AnOverlayOfManyLongLayers_ShowsThem_AndKeepsOwnersOnDisk(string level)
    {
        string[] lower = [.. Enumerable.Range(0, Layers).Select(i => MakeLayer($"layer-{i:D3}-{new string('x', 60)}", $"file{i}"))];
        Assert.Equal(0, Command.Run("chown", ["7:8", $"{lower[0]}/file0"]).ExitCode);
        string upper = Directory.CreateDirectory($"{Scratch}/snap,shot/fs").FullName;
        string work = Directory.CreateDirectory($"{Scratch}/snap,shot/work").FullName;

        string said = Inside(
            level,
            "ls /o | wc -l; cat /o/file0 /o/file39; stat -c %u:%g /o/file0 /o/file39; echo new >/o/new; rm /o/file1; echo more >>/o/file2; stat -c %u:%g /o/new; grep -c ' /o overlay ' /proc/mounts",
            config => config.Mount(
                "/o", "overlay", "overlay",
                $"lowerdir={string.Join(':', lower)}", $"upperdir={upper.Replace(",", "\\,")}", $"workdir={work.Replace(",", "\\,")}", "index=off"));

        Assert.Equal($"{Layers}\nfile0\nfile39\n7:8\n0:0\n0:0\n1", said);
        Assert.Equal("new\n", File.ReadAllText($"{upper}/new"));
        Assert.Equal("file2\nmore\n", File.ReadAllText($"{upper}/file2"));
        Assert.Equal("0:0 0:0 character special file", Command.Run("bash", ["-c", $"cd '{upper}'; echo $(stat -c %u:%g new file2) $(stat -c %F file1)"]).Output.Trim());
        Assert.Equal("file2\n", File.ReadAllText($"{lower[2]}/file2"));
    }

    [Theory, ForEachLevel]
    public void AnOverlayWithoutAnUpperLayer_IsReadOnly(string level)
    {
        string[] lower = [MakeLayer("one", "a"), MakeLayer("two", "b")];

        string said = Inside(
            level, "cat /o/a /o/b; touch /o/c 2>&1; :", config => config.Mount("/o", "overlay", "overlay", "ro", $"lowerdir={lower[0]}:{lower[1]}"));

        Assert.Equal("a\nb\ntouch: /o/c: Read-only file system", said);
    }

    // Not taken apart, as its layers cannot be given by short names: the whole goes through mount(2).
    [Theory, ForEachLevel]
    public void DataOnlyLayers_MayHaveLongNames_Too(string level)
    {
        string[] lower = [.. Enumerable.Range(0, 3).Select(i => MakeLayer($"layer-{i}-{new string('x', 100)}", $"file{i}"))];

        string said = Inside(
            level, "ls /o; cat /o/file0 /o/file1",
            config => config.Mount("/o", "overlay", "overlay", "ro", $"lowerdir={lower[0]}:{lower[1]}::{lower[2]}", "metacopy=on", "redirect_dir=follow"));

        Assert.Equal("file0\nfile1\nfile0\nfile1", said);
    }

    [Theory, ForEachLevel]
    public void AMissingLayer_IsNamed(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Mount("/o", "overlay", "overlay", $"lowerdir={Scratch}/nowhere:{Scratch}"));
        Failed(bundle.Run(), $"mount \"overlay\" on /o: open '{Scratch}/nowhere': No such file or directory (ENOENT)");
    }

    [Theory, ForEachLevel]
    public void MoreThanAPageOfOptions_IsRefusedInWords(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Mount("/t", "tmpfs", "tmpfs", $"mpol=prefer:{new string('0', 5000)}"));
        Failed(bundle.Run(), "mount \"tmpfs\" on /t: mount tmpfs '5012 bytes of options, of which 4095 are taken': Argument list too long (E2BIG)");
    }

    string MakeLayer(string name, string file)
    {
        string path = Directory.CreateDirectory($"{Scratch}/layers/{name}").FullName;
        File.WriteAllText($"{path}/{file}", $"{file}\n");
        return path;
    }
}
