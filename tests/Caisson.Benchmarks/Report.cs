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

    /// <summary>What is noted or skipped twice is said once.</summary>
    public void Note(string text) => AddNew(_notes, text);

    public void Skip(string part, string reason) => AddNew(_skipped, $"{part} was not measured: {reason}");

    /// <summary>Whether all was measured that was asked for, within the budgets.</summary>
    public bool IsGood => _skipped.Count == 0 && Budget.All.All(budget => budget.IsKept(_rows) != false);

    public string Render()
    {
        StringBuilder text = new();
        text.AppendLine($"machine: {machine}, after: {Machine.LoadNow():0.0}");
        text.AppendJoin("", _notes.Select(note => $"{note}\n"));
        foreach (IGrouping<string, Row> group in _rows.GroupBy(it => it.What))
        {
            Row[] baselines = [.. group.Where(it => Runtimes.Baselines.ContainsKey(it.Runtime)).Take(2)];
            string heading(int index) => index < baselines.Length ? Runtimes.Baselines[baselines[index].Runtime] : "";
            text.AppendLine();
            text.AppendLine(Line(
                $"{group.Key} ({group.First().Unit.Symbol})", "n", "min", "median", "p90", "cpu", heading(0), heading(1), "budget"));
            foreach (Row row in group)
            {
                string ratio(int index) => index < baselines.Length && baselines[index].Spread.Median > 0
                    ? $"{row.Spread.Median / baselines[index].Spread.Median:0.00}" : "";
                text.AppendLine(Line(
                    $"  {row.Runtime}", $"{row.Values.Count}", row.Unit.Format(row.Spread.Least), row.Unit.Format(row.Spread.Median),
                    row.Unit.Format(row.Spread.P90), row.Processor.Count == 0 ? "" : $"{Spread.Of(row.Processor).Median:0.0}", ratio(0), ratio(1),
                    Verdict(row)));
            }
        }

        text.AppendLine();
        text.AppendJoin("", _skipped.Select(line => $"{line}\n"));
        string[] over = [.. Budget.All.Where(it => it.IsKept(_rows) == false).Select(it => $"{it.What}, {it.Runtime}: {it.Verdict(_rows)}")];
        string[] open = [.. Budget.All.Where(it => it.IsKept(_rows) is null).Select(it => $"{it.What}, {it.Runtime}: {it.Text}")];
        text.AppendLine($"budgets: {Budget.All.Length - over.Length - open.Length} ok, {over.Length} over, {open.Length} not measured");
        text.AppendJoin("", over.Select(it => $"  {it}\n"));
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
                unit = row.Unit.ToString().ToLowerInvariant(),
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
        .Select(it => it.Verdict(_rows)));

    static void AddNew(List<string> texts, string text)
    {
        if (!texts.Contains(text))
        {
            texts.Add(text);
        }
    }

    static string Line(string name, string n, string least, string median, string p90, string processor, string first, string second, string budget) =>
        $"{name,-50}{n,5}{least,9}{median,9}{p90,9}{processor,8}{first,10}{second,10}  {budget}".TrimEnd();
}
