namespace Caisson.Benchmarks;

/// <summary>The names of what is compared, as the report and the budgets have them.</summary>
static class Runtimes
{
    public const string Plain = "caisson plain";
    public const string System = "caisson system";
    public const string Runc = "runc";
    public const string Crun = "crun";
    public const string Privileged = "runc privileged";
    public const string Binary = "caisson";
}
