using System.Text;
using System.Text.Json;

namespace Caisson.Benchmarks;

/// <summary>What was measured, as a table for people and as JSON for programs.</summary>
sealed class Report(Machine machine)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    readonly List<Row> _rows = [];
    readonly List<string> _notes = [];
    readonly List<string> _skipped = [];

    public void Add(IEnumerable<Row> rows) => _rows.AddRange(rows);

    public void Note(string text) => _notes.Add(text);

    public void Skip(string part, string reason) => _skipped.Add($"{part} was not measured: {reason}");

    /// <summary>Whether all was measured that was asked for, within the budgets.</summary>
    public bool IsGood => _skipped.Count == 0 && Budget.All.All(budget => budget.IsKept(_rows) != false);

    public string Render()
    {
        StringBuilder text = new();
        text.AppendLine($"machine: {machine}, after: {Machine.LoadNow():0.0}");
        text.AppendJoin("", _notes.Select(note => $"{note}\n"));
        foreach (IGrouping<string, Row> group in _rows.GroupBy(it => it.What))
        {
            string unit = group.First().InBytes ? "MiB" : "ms";
            text.AppendLine();
            text.AppendLine(Line($"{group.Key} ({unit})", "n", "min", "median", "p90", "cpu", "× runc", "× crun", "budget"));
            Row? runc = group.FirstOrDefault(it => it.Runtime is Runtimes.Runc or Runtimes.Privileged);
            Row? crun = group.FirstOrDefault(it => it.Runtime == Runtimes.Crun);
            foreach (Row row in group)
            {
                text.AppendLine(Line(
                    $"  {row.Runtime}", $"{row.Values.Count}", Number(row, row.Spread.Least), Number(row, row.Spread.Median), Number(row, row.Spread.P90),
                    row.Processor.Count == 0 ? "" : $"{Spread.Of(row.Processor).Median:0.0}", Ratio(row, runc), Ratio(row, crun), Verdict(row)));
            }
        }

        text.AppendLine();
        text.AppendJoin("", _skipped.Select(line => $"{line}\n"));
        string[] over = [.. Budget.All.Where(it => it.IsKept(_rows) == false).Select(it => $"{it.What}, {it.Runtime}: {it.Text}")];
        string[] open = [.. Budget.All.Where(it => it.IsKept(_rows) is null).Select(it => $"{it.What}, {it.Runtime}: {it.Text}")];
        text.AppendLine($"budgets: {Budget.All.Length - over.Length - open.Length} ok, {over.Length} over, {open.Length} not measured");
        text.AppendJoin("", over.Select(it => $"  over: {it}\n"));
        text.AppendJoin("", open.Select(it => $"  not measured: {it}\n"));
        return text.ToString();
    }

    public string RenderJson() => JsonSerializer.Serialize(
        new
        {
            machine,
            notes = _notes,
            skipped = _skipped,
            rows = _rows.Select(row => new
            {
                what = row.What,
                runtime = row.Runtime,
                unit = row.InBytes ? "bytes" : "ms",
                least = row.Spread.Least,
                median = row.Spread.Median,
                p90 = row.Spread.P90,
                values = row.Values,
                processor = row.Processor,
            }),
            budgets = Budget.All.Select(budget => new { what = budget.What, runtime = budget.Runtime, limit = budget.Text, kept = budget.IsKept(_rows) }),
        },
        Indented) + "\n";

    string Verdict(Row row) => string.Join("; ", Budget.All
        .Where(it => it.What == row.What && it.Runtime == row.Runtime)
        .Select(it => $"{it.Text}  {(it.IsKept(_rows) switch { true => "ok", false => "over", null => "not measured" })}"));

    static string Number(Row row, double value) => row.InBytes ? $"{value / (1024 * 1024):0.00}" : $"{value:0.0}";

    static string Ratio(Row row, Row? baseline) => baseline is null ? "" : $"{row.Spread.Median / baseline.Spread.Median:0.00}";

    static string Line(string name, string n, string least, string median, string p90, string processor, string runc, string crun, string budget) =>
        $"{name,-36}{n,4}{least,9}{median,9}{p90,9}{processor,8}{runc,8}{crun,8}  {budget}".TrimEnd();
}
