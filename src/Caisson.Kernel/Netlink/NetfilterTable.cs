namespace Caisson.Kernel.Netlink;

/// <summary>
/// One table of IPv4 rules of the calling thread's network namespace, which takes the place of an older one of its name, all at once
/// (linux/netfilter/nf_tables.h).
/// </summary>
public sealed class NetfilterTable
{
    const int NETLINK_NETFILTER = 12;
    const int NFNL_MSG_BATCH_BEGIN = 0x10;
    const int NFNL_MSG_BATCH_END = 0x11;
    const int NFNL_SUBSYS_NFTABLES = 10;
    const int NFT_MSG_NEWTABLE = 0;
    const int NFT_MSG_DELTABLE = 2;
    const int NFT_MSG_NEWCHAIN = 3;
    const int NFT_MSG_NEWRULE = 6;
    const ushort NLM_F_CREATE = 0x400;
    const ushort NLM_F_APPEND = 0x800;
    const byte NFPROTO_IPV4 = 2;
    const byte NFNETLINK_V0 = 0;

    const ushort NFTA_TABLE_NAME = 1;
    const ushort NFTA_CHAIN_TABLE = 1;
    const ushort NFTA_CHAIN_NAME = 3;
    const ushort NFTA_CHAIN_HOOK = 4;
    const ushort NFTA_CHAIN_TYPE = 7;
    const ushort NFTA_HOOK_HOOKNUM = 1;
    const ushort NFTA_HOOK_PRIORITY = 2;
    const ushort NFTA_RULE_TABLE = 1;
    const ushort NFTA_RULE_CHAIN = 2;
    const ushort NFTA_RULE_EXPRESSIONS = 4;

    readonly NetlinkBatch _batch = new();
    readonly string _name;

    public NetfilterTable(string name)
    {
        _name = name;
        _batch.Begin(NFNL_MSG_BATCH_BEGIN, 0, isAnswered: false, 0, NFNETLINK_V0, 0, NFNL_SUBSYS_NFTABLES);
        // An older one can be taken away only where there is one.
        Begin(NFT_MSG_NEWTABLE, NLM_F_CREATE);
        _batch.Add(NFTA_TABLE_NAME, name);
        Begin(NFT_MSG_DELTABLE, 0);
        _batch.Add(NFTA_TABLE_NAME, name);
        Begin(NFT_MSG_NEWTABLE, NLM_F_CREATE);
        _batch.Add(NFTA_TABLE_NAME, name);
    }

    /// <param name="name">Of ours.</param>
    /// <param name="type">"nat" or "filter".</param>
    /// <param name="hook">NF_INET_*.</param>
    /// <param name="priority">Among the hook's chains.</param>
    public void AddChain(string name, string type, NetfilterHook hook, NetfilterPriority priority)
    {
        Begin(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
        _batch.Add(NFTA_CHAIN_TABLE, _name);
        _batch.Add(NFTA_CHAIN_NAME, name);
        int nested = _batch.Nest(NFTA_CHAIN_HOOK);
        _batch.AddBigEndian(NFTA_HOOK_HOOKNUM, (uint)hook);
        _batch.AddBigEndian(NFTA_HOOK_PRIORITY, (uint)priority);
        _batch.EndNest(nested);
        _batch.Add(NFTA_CHAIN_TYPE, type);
    }

    /// <summary>Adds a rule at the end of a chain.</summary>
    public void AddRule(string chain, Action<NetfilterRule> write)
    {
        Begin(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
        _batch.Add(NFTA_RULE_TABLE, _name);
        _batch.Add(NFTA_RULE_CHAIN, chain);
        int nested = _batch.Nest(NFTA_RULE_EXPRESSIONS);
        write(new NetfilterRule(_batch));
        _batch.EndNest(nested);
    }

    /// <summary>Puts it in force.</summary>
    public Errno TryLoad()
    {
        _batch.Begin(NFNL_MSG_BATCH_END, 0, isAnswered: false, 0, NFNETLINK_V0, 0, NFNL_SUBSYS_NFTABLES);
        using NetlinkSocket socket = new(NETLINK_NETFILTER);
        return socket.TrySend(_batch);
    }

    // struct nfgenmsg.
    void Begin(int message, ushort flags) =>
        _batch.Begin((NFNL_SUBSYS_NFTABLES << 8) | message, flags, isAnswered: true, NFPROTO_IPV4, NFNETLINK_V0, 0, 0);
}
