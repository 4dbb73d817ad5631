namespace Caisson.Containers.Systemd;

/// <summary>The unit of a container's cgroup, by runc's reading of linux.cgroupsPath: <c>slice:prefix:name</c>.</summary>
/// <param name="Slice">Such as system.slice; -.slice for the root.</param>
/// <param name="Name">Such as docker-0123.scope. A name that ends in .slice is one, and gets no processes of its own.</param>
public sealed record SystemdUnit(string Slice, string Name)
{
    const string DefaultSlice = "system.slice";
    const string Suffix = ".slice";

    public bool IsSlice => Name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The cgroup's path, relative to each hierarchy's root: a slice a-b.slice lies in a.slice (systemd.slice(5)).</summary>
    public string CgroupPath
    {
        get
        {
            string parent = IsSlice ? "" : Expand(Slice);
            return $"{parent}{(IsSlice ? Expand(Name).TrimEnd('/') : Name)}";
        }
    }

    public static SystemdUnit Parse(string? cgroupsPath, string containerId)
    {
        string[] parts = string.IsNullOrEmpty(cgroupsPath) ? ["", "caisson", containerId] : cgroupsPath.Split(':');
        if (parts is not [string slice, string prefix, string name])
        {
            throw new UserError(
                $"/linux/cgroupsPath: \"{cgroupsPath}\" is not of the form slice:prefix:name",
                "with --systemd-cgroup write such as system.slice:caisson:NAME, or run without the flag");
        }

        slice = slice.Length == 0 ? DefaultSlice : slice;
        string unit = name.EndsWith(Suffix, StringComparison.Ordinal) ? name : $"{prefix}-{name}.scope";
        return IsSliceName(slice) && IsUnitName(unit) && (!unit.EndsWith(Suffix, StringComparison.Ordinal) || IsSliceName(unit))
            ? new SystemdUnit(slice, unit)
            : throw new UserError(
                $"/linux/cgroupsPath: \"{cgroupsPath}\" names no slice and unit", "write names as systemd.slice(5) has them, such as system.slice:caisson:NAME");
    }

    // Each dash is one step down; two in a row, or one at an end, would be steps without a name.
    static bool IsSliceName(string name) => name == "-.slice"
        || (name.EndsWith(Suffix, StringComparison.Ordinal) && IsUnitName(name) && name[..^Suffix.Length].Split('-').All(step => step.Length > 0));

    // systemd.unit(5): letters, digits and :-_.\@, 255 characters at most.
    static bool IsUnitName(string name) => name.Length <= 255 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || ":-_.\\@".Contains(letter));

    // "a-b.slice" is "a.slice/a-b.slice/", and the root nothing.
    static string Expand(string slice)
    {
        if (slice == "-.slice")
        {
            return "";
        }

        string path = "";
        for (int dash = slice.IndexOf('-'); dash >= 0; dash = slice.IndexOf('-', dash + 1))
        {
            path += $"{slice[..dash]}{Suffix}/";
        }

        return $"{path}{slice}/";
    }
}
