using System.Text;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Monitoring;

/// <summary>The view of the container that we are in, if we are in one: its files lie over /proc here.</summary>
static class OuterView
{
    public static bool IsThere() => !OwnUserNamespace.IsInitial
        && FileText.ReadBytes("/proc/self/mountinfo").AsSpan().IndexOf(Encoding.UTF8.GetBytes($" - {FuseMount.Type} ")) >= 0;
}
