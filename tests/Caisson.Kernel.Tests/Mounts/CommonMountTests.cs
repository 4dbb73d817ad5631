using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Kernel.Tests.Mounts;

public sealed class CommonMountTests
{
    [Fact]
    public void TwoDirectoriesOfOneFileSystem_AreFoundInOneMount()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: mounts");
        using TemporaryDirectory scratch = new();
        string[] paths = [$"{scratch.Path}/bound", $"{scratch.Path}/other"];
        Array.ForEach(paths, path => Directory.CreateDirectory(path));
        File.WriteAllText($"{paths[0]}/f", "moved");
        Run("mount", "--bind", paths[0], paths[0]);
        try
        {
            using Fd one = OpenAt2.Open(paths[0], OpenFlags.O_PATH);
            using Fd other = OpenAt2.Open(paths[1], OpenFlags.O_PATH);
            Assert.Equal(Errno.EXDEV, Directories.TryRename(one, "f", other, "f"));

            Assert.True(CommonMount.TryOpen(one, other, out (Fd One, Fd Other) both));

            using (both.One)
            using (both.Other)
            {
                Assert.Equal(Errno.None, Directories.TryRename(both.One, "f", both.Other, "g"));
            }

            Assert.Equal("moved", File.ReadAllText($"{paths[1]}/g"));
        }
        finally
        {
            Run("umount", paths[0]);
        }
    }

    [Fact]
    public void TwoFileSystems_HaveNone()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: mounts");
        using Fd one = OpenAt2.Open("/proc", OpenFlags.O_PATH);
        using Fd other = OpenAt2.Open("/", OpenFlags.O_PATH);

        Assert.False(CommonMount.TryOpen(one, other, out _));
    }

    static void Run(string command, params string[] arguments)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
