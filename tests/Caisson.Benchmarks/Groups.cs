namespace Caisson.Benchmarks;

/// <summary>The names of what is measured, as the report and the budgets have them.</summary>
static class Groups
{
    public const string Run = "run";
    public const string Exec = "exec";
    public const string Create = "create";
    public const string Start = "start";
    public const string Delete = "delete";
    public const string Memory = "run, peak memory";
    public const string Size = "binary size";
    public const string Docker = "docker run --rm";
    public const string Nested = "docker run to inner docker ps";
}
