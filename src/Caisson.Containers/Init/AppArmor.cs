using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Init;

/// <summary>Is AppArmor at work on this kernel? Where it is not, a profile's name in a spec has no meaning.</summary>
static class AppArmor
{
    public static bool IsEnabled => Stat.TryOf(Fd.CurrentDirectory, "/sys/kernel/security/apparmor", out _) == Errno.None;
}
