using System.Text;

namespace Caisson.Cli;

/// <summary>Tables of text: each column as wide as its widest cell, two spaces between them.</summary>
static class Columns
{
    public static string Align(IEnumerable<string[]> table)
    {
        string[][] rows = [.. table];
        int[] widths = [.. Enumerable.Range(0, rows.Max(row => row.Length)).Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }
}
