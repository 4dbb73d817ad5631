using System.Text;

namespace Caisson.Cli;

/// <summary>Tables of text: each column as wide as its widest cell, two spaces between them.</summary>
static class Columns
{
    /// <param name="rows">At least one, all of one length.</param>
    public static string Align(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        return text.ToString();
    }
}
