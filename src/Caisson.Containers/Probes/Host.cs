using Caisson.Containers.Lifecycle;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Probes;

/// <summary>What the probes look at.</summary>
/// <param name="Places">Of Caisson.</param>
/// <param name="EngineDirectories">Where engines keep images and containers; those that do not exist are left out.</param>
public sealed record Host(Places Places, IReadOnlyList<string> EngineDirectories)
{
    /// <summary>Our own data's place and the engines', or what is there already above them; each file system once.</summary>
    public IEnumerable<string> StoragePlaces
    {
        get
        {
            HashSet<(uint, uint)> devices = [];
            foreach (string wanted in EngineDirectories.Prepend(Places.Data))
            {
                string place = wanted;
                statx stat;
                while (Stat.TryOf(Fd.CurrentDirectory, place, out stat) != Errno.None && place.Length > 1)
                {
                    place = Path.GetDirectoryName(place)!;
                }

                if ((place == wanted || wanted == Places.Data) && devices.Add((stat.stx_dev_major, stat.stx_dev_minor)))
                {
                    yield return place;
                }
            }
        }
    }
}
