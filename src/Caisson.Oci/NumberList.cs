using System.Globalization;

namespace Caisson.Oci;

/// <summary>Lists of CPUs and memory nodes such as <c>0-3,7</c> (cpuset(7), "List format").</summary>
public static class NumberList
{
    const int Most = 8192;

    /// <summary>In the order of the list; null where it is none, or names more than 8192.</summary>
    public static IReadOnlyList<int>? TryParse(string text)
    {
        // TryParse by itself lets a number end in NUL characters.
        if (text.Contains('\0'))
        {
            return null;
        }

        List<int> numbers = [];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Trim().Split('-');
            if (ends.Length > 2
                || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
                || last < first || last - first >= Most || numbers.Count + last - first >= Most)
            {
                return null;
            }

            numbers.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return numbers;
    }
}
