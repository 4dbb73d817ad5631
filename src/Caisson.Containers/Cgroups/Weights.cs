namespace Caisson.Containers.Cgroups;

/// <summary>Version 1 values of the spec in version 2 terms.</summary>
static class Weights
{
    /// <summary>
    /// cpu.shares (2 to 262144, default 1024) as cpu.weight (1 to 10000, default 100): the curve through all three points
    /// that runc and crun agreed on, since a straight line gave containers with default shares far too little.
    /// </summary>
    public static ulong CpuWeight(ulong shares)
    {
        switch (shares)
        {
            case <= 2:
                return 1;
            case >= 262144:
                return 10000;
            default:
                double log = Math.Log2(shares);
                return (ulong)Math.Ceiling(Math.Pow(10, (log * log + 125 * log) / 612 - 7.0 / 34));
        }
    }

    /// <summary>blkio.weight (10 to 1000) as io.weight (1 to 10000), linearly.</summary>
    public static ulong IoWeight(ushort weight) => 1 + (ulong)Math.Max(0, weight - 10) * 9999 / 990;
}
