using Caisson.Kernel;

namespace Caisson.Containers.Probes;

/// <summary>A child gets a user namespace with mapped ids; and what distributions put in the way of ordinary users' ones.</summary>
static class UserNamespaceProbe
{
    // Switches of Debian's and Ubuntu's kernels, and of AppArmor. They bind ordinary users, not root, who makes containers.
    static readonly (string Sysctl, string Forbids)[] Switches =
    [
        ("kernel.unprivileged_userns_clone", "0"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1"),
    ];

    public static IEnumerable<Finding> Look(Host host)
    {
        string most = KernelSetting.Read("user.max_user_namespaces") ?? "?";
        if (most == "0")
        {
            yield return Finding.Missing(
                "user.max_user_namespaces is 0", "no container can have a user namespace", "sysctl -w user.max_user_namespaces=15000");
            yield break;
        }

        using (Fd mapped = TrialIds.Create())
        {
            yield return Finding.Ok($"a child got one with 65,536 ids; up to {most} for each user");
        }

        foreach ((string sysctl, string forbids) in Switches)
        {
            if (KernelSetting.Read(sysctl) == forbids)
            {
                yield return Finding.Note(
                    $"{sysctl} is {forbids}", "only root can make containers; ordinary users cannot (rootless)",
                    $"sysctl -w {sysctl}={(forbids == "0" ? "1" : "0")}");
            }
        }
    }
}
