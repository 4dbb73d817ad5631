namespace Caisson.Measuring;

/// <summary>How values of one kind lie.</summary>
readonly record struct Spread(double Least, double Median, double P90)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1]);
    }
}
