using System.Text;

namespace Caisson.Emulation.Text;

/// <summary>
/// Finds names in a list that is in the order in which the kernel prints them: the search goes on where the last one ended, so
/// that a whole file costs little more than one pass over the list.
/// </summary>
sealed class NameIndex(IEnumerable<string> names)
{
    readonly byte[][] _names = [.. names.Select(Encoding.ASCII.GetBytes)];

    /// <param name="next">Where to begin; then the place after the one found.</param>
    /// <returns>-1 for a name that is not in the list.</returns>
    public int Find(ReadOnlySpan<byte> name, ref int next)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            int place = next + i < _names.Length ? next + i : next + i - _names.Length;
            if (name.SequenceEqual(_names[place]))
            {
                next = place + 1 == _names.Length ? 0 : place + 1;
                return place;
            }
        }

        return -1;
    }
}
