using System.Text;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Sys;
using Caisson.Emulation.Sysctl;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Sysctl;

public sealed class SysctlTableTests
{
    static readonly SysctlRow[] Rows = [.. SysctlTable.Rows, .. SysTree.Rows];

    [Fact]
    public void Names_are_in_order_and_each_is_there_once() =>
        Assert.Equal(SysctlTable.Rows.Select(row => row.Name).Order(StringComparer.Ordinal).Distinct(), SysctlTable.Rows.Select(row => row.Name));

    [Fact]
    public void All_values_have_room_in_the_store()
    {
        Assert.InRange(LeafTable.Leaves.Count(leaf => leaf.Kind == LeafKind.Sysctl), 1, ValueStore.Slots);
        Assert.All(Rows, row => Assert.InRange(Encoding.UTF8.GetByteCount(row.Name), 1, ValueStore.LongestName));
    }

    [Fact]
    public void A_row_begins_with_a_value_that_its_form_takes()
    {
        List<string> odd = [];
        foreach (SysctlRow row in Rows.Where(row => row.Initial is not (null or "0") && !row.IsRequest))
        {
            ContentBuffer value = new();
            Errno errno = row.Form.Apply("0"u8, 0, Encoding.ASCII.GetBytes(row.Initial!), value, out bool isNew);
            if (errno != Errno.None || !isNew || Encoding.ASCII.GetString(value.Bytes) != row.Initial)
            {
                odd.Add($"{row.Name}: {row.Initial}");
            }
        }

        Expect.Nothing(odd);
    }

    // Each may be read before anything is written; so the host's own value must fit, too.
    [Fact]
    public void The_hosts_own_values_fit_their_forms()
    {
        List<string> odd = [];
        foreach (SysctlRow row in Rows.Where(row => File.Exists(row.Path) && (row.Mode & 0x100) != 0 && !row.IsRequest))
        {
            string text;
            try
            {
                text = File.ReadAllText(row.Path).TrimEnd('\n');
            }
            catch (UnauthorizedAccessException)
            {
                continue;
            }

            ContentBuffer value = new();
            Errno errno = row.Form.Apply("0"u8, 0, Encoding.ASCII.GetBytes(text), value, out _);
            if (errno != Errno.None && text != "0")
            {
                odd.Add($"{row.Name}: {text}");
            }
        }

        Expect.Nothing(odd);
    }

    [Fact]
    public void What_a_row_clears_is_a_row_that_clears_it() => Assert.All(
        Rows.Where(row => row.Clears is not null), row => Assert.Equal(row.Name, Rows.Single(other => other.Name == row.Clears).Clears));

    // Nestybox's list, kubelet's and kube-proxy's, systemd's own, and what databases ask for.
    [Theory]
    [InlineData("kernel/pid_max kernel/panic kernel/panic_on_oops kernel/printk kernel/kptr_restrict kernel/dmesg_restrict kernel/sysrq kernel/yama/ptrace_scope")]
    [InlineData("fs/file-max fs/nr_open fs/protected_hardlinks fs/protected_symlinks vm/overcommit_memory vm/mmap_min_addr")]
    [InlineData("net/core/somaxconn net/core/default_qdisc net/ipv4/neigh/default/gc_thresh1 net/ipv4/neigh/default/gc_thresh2 net/ipv4/neigh/default/gc_thresh3")]
    [InlineData("net/ipv4/vs/conntrack net/ipv4/vs/conn_reuse_mode net/ipv4/vs/expire_nodest_conn net/ipv4/vs/expire_quiescent_template")]
    [InlineData("net/netfilter/nf_conntrack_max net/netfilter/nf_conntrack_generic_timeout net/netfilter/nf_conntrack_tcp_be_liberal net/unix/max_dgram_qlen")]
    [InlineData("net/netfilter/nf_conntrack_tcp_timeout_established net/netfilter/nf_conntrack_tcp_timeout_close_wait")]
    [InlineData("vm/panic_on_oom kernel/keys/root_maxkeys kernel/keys/root_maxbytes")]
    [InlineData("vm/max_map_count vm/swappiness vm/overcommit_ratio vm/nr_hugepages vm/zone_reclaim_mode vm/dirty_ratio")]
    [InlineData("kernel/core_pattern kernel/core_pipe_limit fs/suid_dumpable fs/inotify/max_user_watches fs/inotify/max_user_instances fs/aio-max-nr")]
    public void What_software_is_known_to_write_is_there(string names) =>
        Assert.Subset(SysctlTable.Rows.Select(row => row.Name).ToHashSet(), names.Split(' ').ToHashSet());
}
