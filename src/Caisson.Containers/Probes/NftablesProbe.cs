using Caisson.Kernel;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Netlink;

namespace Caisson.Containers.Probes;

/// <summary>A table of rules in a network namespace of its own: what engines inside need for their networks.</summary>
static class NftablesProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        Errno errno = Namespace.OnOwnThread(() =>
        {
            Namespace.Unshare(NamespaceKind.CLONE_NEWNET);
            NetfilterTable table = new("caisson-doctor");
            table.AddChain("nat", "nat", NetfilterHook.NF_INET_LOCAL_OUT, NetfilterPriority.NF_IP_PRI_NAT_DST);
            return table.TryLoad();
        });
        yield return errno == Errno.None
            ? Finding.Ok("a table with address translation in a network namespace")
            : Finding.Warning(
                $"the kernel takes no table with address translation: {errno.Describe()}",
                "inner engines may find no iptables, and containers in containers no names of Docker's DNS", "modprobe -a nf_tables nft_chain_nat nft_compat");
    }
}
