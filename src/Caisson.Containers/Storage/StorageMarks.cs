using System.Globalization;
using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// Notes on directories themselves. The first two are for moves that had to be copies: a kill between the copy's appearance and
/// the removal of the original leaves both, and the note tells which of them is the old one. It names the other directory by
/// its inode.
/// </summary>
static class StorageMarks
{
    /// <summary>What is at home has been copied here and may be removed there.</summary>
    public static string Supersedes { get; } = OwnPrefix + "supersedes";

    /// <summary>What is here has been copied home, if home is that inode.</summary>
    public static string SupersededBy { get; } = OwnPrefix + "superseded-by";

    /// <summary>The directory stands for an inner layer of the image.</summary>
    public static string Shared { get; } = OwnPrefix + "shared";

    /// <summary>An image's inner layer has been made usable in place.</summary>
    public static string Usable { get; } = OwnPrefix + "usable";

    /// <summary>The directory has been made a <see cref="LayerDifference"/>.</summary>
    public static string Difference { get; } = OwnPrefix + "difference";

    /// <summary>The container is paused and its content at home, where it can be committed.</summary>
    public static string Shown { get; } = OwnPrefix + "shown";

    static string OwnPrefix => PrivilegedXattr.Prefix + "caisson.";

    static string OverlayPrefix => PrivilegedXattr.Prefix + "overlay.";

    public static void Set(Fd directory, string mark, Fd other) =>
        Xattr.Set(directory, mark, Encoding.ASCII.GetBytes(Stat.Of(other).stx_ino.ToString(CultureInfo.InvariantCulture)));

    public static void Set(Fd directory, string mark) => Xattr.Set(directory, mark, "y"u8);

    public static bool Has(Fd directory, string mark) => Xattr.TryGet(directory, mark) is not null;

    public static bool Names(Fd directory, string mark, ulong inode) =>
        Xattr.TryGet(directory, mark) is byte[] value
        && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong marked)
        && marked == inode;

    /// <summary>Removes what must not go along to a copy of a top directory: notes of ours and of the outer overlay.</summary>
    public static void Strip(Fd directory)
    {
        foreach (string name in Xattr.List(directory))
        {
            if (name.StartsWith(OwnPrefix, StringComparison.Ordinal) || name.StartsWith(OverlayPrefix, StringComparison.Ordinal))
            {
                Xattr.Remove(directory, name);
            }
        }
    }
}
