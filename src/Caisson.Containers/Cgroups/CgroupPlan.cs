using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Caisson.Containers.Cgroups;

/// <summary>The writes that make a cgroup have the wanted limits, in order. Pure; <see cref="Cgroup"/> performs it.</summary>
/// <param name="hierarchies">Names of the hierarchies that the cgroup has directories in.</param>
/// <param name="isPartial">There are others, in which we may not make cgroups.</param>
public sealed class CgroupPlan(IReadOnlyCollection<string> hierarchies, bool isPartial = false)
{
    readonly List<CgroupWrite> _writes = [];

    public IReadOnlyList<CgroupWrite> Writes => _writes;

    public bool IsUnified { get; } = hierarchies.Count == 1 && hierarchies.Contains(Hierarchy.Unified);

    /// <summary>One write a line.</summary>
    public string Render()
    {
        StringBuilder text = new();
        foreach (CgroupWrite write in _writes)
        {
            text.Append(write).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Adds a write to the hierarchy that has the controller; a limit that nothing can hold is an error.</summary>
    // Not copied into each of its many callers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Add(string controller, string file, string value, FailureRule rule = FailureRule.Fail)
    {
        string hierarchy = IsUnified ? Hierarchy.Unified : Find(controller) ?? throw Missing(controller, file, value);
        _writes.Add(new CgroupWrite(hierarchy, file, value, rule));
    }

    internal void Add(string controller, string file, long value, FailureRule rule = FailureRule.Fail) =>
        Add(controller, file, value.ToString(CultureInfo.InvariantCulture), rule);

    internal void Add(string controller, string file, ulong value, FailureRule rule = FailureRule.Fail) =>
        Add(controller, file, value.ToString(CultureInfo.InvariantCulture), rule);

    // The first in runc's words.
    UserError Missing(string controller, string file, string value) => isPartial
        ? new UserError(
            $"cannot set {controller} limit: container could not join or create cgroup ({file} {value})",
            "have the administrator give you a cgroup (systemd: Delegate=yes) and name it in /linux/cgroupsPath, or leave the limit out")
        : new UserError(
            $"cannot set {file} to {value}: no hierarchy with the {controller} controller is mounted",
            $"mount it (mount -t cgroup -o {controller} {controller} /sys/fs/cgroup/{controller}) or leave the limit out");

    string? Find(string controller)
    {
        foreach (string one in hierarchies)
        {
            if (Hierarchy.Has(one, controller))
            {
                return one;
            }
        }

        return null;
    }
}
