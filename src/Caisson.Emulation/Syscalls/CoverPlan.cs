namespace Caisson.Emulation.Syscalls;

/// <summary>
/// What is to lie over a procfs or sysfs of the container. Pure; all paths are relative to its root. Files come first, then
/// masks, then what is read-only with all that lies below it by then; they go in the opposite order.
/// </summary>
/// <param name="Files">Emulated files that no mask hides.</param>
/// <param name="Masked">Covered with nothing; none of them lies below another.</param>
/// <param name="ReadOnly">Read-only, as far as they are not among the files.</param>
/// <param name="Witness">One of the files or masks whose target every procfs, or sysfs, has: where it lies, all of them do.</param>
public sealed record CoverPlan(IReadOnlyList<CoveredFile> Files, IReadOnlyList<string> Masked, IReadOnlyList<string> ReadOnly, string Witness)
{
    /// <param name="isProc">Else sysfs.</param>
    /// <param name="emulated">Relative paths of the emulated files.</param>
    /// <param name="masks">Of the container.</param>
    public static CoverPlan For(bool isProc, IEnumerable<string> emulated, PathMasks masks)
    {
        string top = isProc ? "/proc/" : "/sys/";
        string witness = isProc ? "meminfo" : "devices/system/cpu/online";
        string[] all = [.. Below(masks.Masked, top)];
        string[] masked = [.. all.Where(path => !all.Any(other => IsBelow(path, other)))];
        string[] readOnly = [.. Below(masks.ReadOnly, top)];
        return new CoverPlan(
            [.. emulated.Where(path => !masked.Any(mask => IsAtOrBelow(path, mask))).Select(path => new CoveredFile(path, readOnly.Contains(path)))],
            masked,
            readOnly,
            masked.FirstOrDefault(mask => IsAtOrBelow(witness, mask)) ?? witness);
    }

    static IEnumerable<string> Below(IEnumerable<string> paths, string top) =>
        paths.Select(Normal).Where(path => path.StartsWith(top, StringComparison.Ordinal)).Select(path => path[top.Length..]).Distinct();

    // Without empty parts, "." and "..": by their names, as no link is followed.
    static string Normal(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    static bool IsAtOrBelow(string path, string other) => path == other || IsBelow(path, other);

    static bool IsBelow(string path, string other) =>
        path.Length > other.Length && path[other.Length] == '/' && path.StartsWith(other, StringComparison.Ordinal);
}
