namespace Caisson.Benchmarks;

/// <summary>
/// Measures several things in turn, round by round, so that what else the machine does hits all of them. The order changes from round
/// to round: the kernel removes namespaces and cgroups after a command has ended, and the next one pays for that.
/// </summary>
static class Rounds
{
    const int WarmUps = 2;
    const int Seed = 20260101;

    public static T[][] Measure<T>(int rounds, IReadOnlyList<Func<T>> things, CancellationToken stop, int warmUps = WarmUps)
    {
        T[][] all = [.. things.Select(_ => new T[rounds])];
        // Not a secret: the same order in each run of the benchmark.
#pragma warning disable CA5394
        Random random = new(Seed);
        for (int round = -warmUps; round < rounds; round++)
        {
            int[] order = [.. Enumerable.Range(0, things.Count)];
            random.Shuffle(order);
            foreach (int index in order)
            {
                stop.ThrowIfCancellationRequested();
                T cost = things[index]();
                if (round >= 0)
                {
                    all[index][round] = cost;
                }
            }
        }
#pragma warning restore CA5394
        return all;
    }
}
