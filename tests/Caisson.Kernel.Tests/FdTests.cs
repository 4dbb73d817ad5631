using System.Globalization;
using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests;

public sealed class FdTests
{
    [Fact]
    public void An_opened_descriptor_is_closed_by_exec()
    {
        using Fd opened = OpenAt2.Open("/", OpenFlags.O_RDONLY);

        Assert.True(IsCloseOnExec(opened));
    }

    [Fact]
    public void A_duplicate_is_closed_by_exec_and_keeps_off_the_standard_streams()
    {
        using Fd copy = Fd.Duplicate(1);

        Assert.True(copy.Number >= 3);
        Assert.True(IsCloseOnExec(copy));
    }

    [Fact]
    public void Disposing_closes_the_descriptor()
    {
        using TemporaryDirectory directory = new();
        Fd opened = OpenAt2.Open(directory.Path, OpenFlags.O_RDONLY);
        string path = opened.ProcPath;
        string target = directory.Path;

        opened.Dispose();

        // Another test may have been given the number meanwhile.
        Assert.NotEqual(target, new FileInfo(path).LinkTarget);
    }

    [Fact]
    public void A_borrowed_descriptor_stays_open()
    {
        using Fd opened = OpenAt2.Open("/", OpenFlags.O_RDONLY);
        Fd.Borrow(opened.Number).Dispose();

        Assert.True(Stat.Of(opened).IsDirectory);
    }

    // The flags line of /proc/self/fdinfo/N is octal; 02000000 is O_CLOEXEC.
    static bool IsCloseOnExec(Fd fd)
    {
        string flags = File.ReadLines($"/proc/self/fdinfo/{fd.Number.ToString(CultureInfo.InvariantCulture)}")
            .First(line => line.StartsWith("flags:", StringComparison.Ordinal))["flags:".Length..];
        return (Convert.ToInt32(flags.Trim(), 8) & 0x80000) != 0;
    }
}
