namespace Caisson.Containers.Probes;

/// <summary>
/// Limits that containers with a whole system in them meet. Each container is a user of its own to the kernel, so these hold for each
/// one alone.
/// </summary>
static class LimitProbe
{
    static readonly (string Sysctl, long Least, string WhoNeedsIt)[] Limits =
    [
        ("fs.inotify.max_user_instances", 256, "a container with systemd or Kubernetes in it may run out of inotify instances"),
        ("fs.inotify.max_user_watches", 65536, "what watches many files inside may run out of watches"),
        ("kernel.keys.maxkeys", 200, "a container with many inner containers may run out of keys"),
        ("fs.mount-max", 20000, "many containers in one container may run out of mounts"),
        ("kernel.pid_max", 32768, "many processes find no number"),
    ];

    public static IEnumerable<Finding> Look(Host host)
    {
        bool isFine = true;
        foreach ((string sysctl, long least, string whoNeedsIt) in Limits)
        {
            if (long.TryParse(KernelSetting.Read(sysctl), out long value) && value < least)
            {
                isFine = false;
                yield return Finding.Note($"{sysctl} is {value}", whoNeedsIt, $"sysctl -w {sysctl}={least}");
            }
        }

        if (isFine)
        {
            yield return Finding.Ok("of inotify, keys, mounts and processes: none is low");
        }
    }
}
