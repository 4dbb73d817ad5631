namespace Caisson.Benchmarks;

/// <summary>The names of what is compared, as the report and the budgets have them.</summary>
static class Runtimes
{
    public const string Plain = "caisson plain";
    public const string System = "caisson system";
    public const string WithoutView = "caisson system, no view";
    public const string Runc = "runc";
    public const string Crun = "crun";
    public const string Privileged = "runc privileged";
    public const string Binary = "caisson";

    /// <summary>The same outside of containers: the kernel's own file or call.</summary>
    public const string Kernel = "kernel";

    public const string Lxcfs = "lxcfs";

    /// <summary>Containers of which nobody has read an emulated file yet, and the same later.</summary>
    public const string Untouched = "before a look";

    public const string Touched = "after a look";

    /// <summary>Those that a group's ratios are to, if it has them, with the head of the column.</summary>
    public static readonly Dictionary<string, string> Baselines = new()
    {
        [Runc] = "× runc",
        [Privileged] = "× runc",
        [Crun] = "× crun",
        [Lxcfs] = "× lxcfs",
        [Kernel] = "× kernel",
        [WithoutView] = "× no view",
        [Touched] = "× after",
    };
}
