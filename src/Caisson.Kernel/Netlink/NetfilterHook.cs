namespace Caisson.Kernel.Netlink;

/// <summary>Where a chain looks at packets (linux/netfilter.h).</summary>
public enum NetfilterHook
{
    NF_INET_PRE_ROUTING = 0,
    NF_INET_LOCAL_OUT = 3,
}

/// <summary>In which order chains of one hook do, the lowest first (linux/netfilter_ipv4.h).</summary>
public enum NetfilterPriority
{
    /// <summary>Before connections are tracked.</summary>
    NF_IP_PRI_RAW = -300,

    /// <summary>Where destinations are exchanged.</summary>
    NF_IP_PRI_NAT_DST = -100,
}
