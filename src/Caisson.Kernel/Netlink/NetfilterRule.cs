namespace Caisson.Kernel.Netlink;

/// <summary>The expressions of one rule (linux/netfilter/nf_tables.h): matches first, then what happens to a packet.</summary>
public sealed class NetfilterRule(NetlinkBatch batch)
{
    const ushort NFTA_LIST_ELEM = 1;
    const ushort NFTA_EXPR_NAME = 1;
    const ushort NFTA_EXPR_DATA = 2;
    const ushort NFTA_META_DREG = 1;
    const ushort NFTA_META_KEY = 2;
    const uint NFT_META_IIFNAME = 6;
    const uint NFT_META_L4PROTO = 16;
    const ushort NFTA_PAYLOAD_DREG = 1;
    const ushort NFTA_PAYLOAD_BASE = 2;
    const ushort NFTA_PAYLOAD_OFFSET = 3;
    const ushort NFTA_PAYLOAD_LEN = 4;
    const uint NFT_PAYLOAD_NETWORK_HEADER = 1;
    const uint NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    const ushort NFTA_CMP_SREG = 1;
    const ushort NFTA_CMP_OP = 2;
    const ushort NFTA_CMP_DATA = 3;
    const uint NFT_CMP_EQ = 0;
    const uint NFT_CMP_NEQ = 1;
    const ushort NFTA_IMMEDIATE_DREG = 1;
    const ushort NFTA_IMMEDIATE_DATA = 2;
    const ushort NFTA_DATA_VALUE = 1;
    const ushort NFTA_DATA_VERDICT = 2;
    const ushort NFTA_VERDICT_CODE = 1;
    const uint NF_DROP = 0;
    const ushort NFTA_NAT_TYPE = 1;
    const ushort NFTA_NAT_FAMILY = 2;
    const ushort NFTA_NAT_REG_ADDR_MIN = 3;
    const ushort NFTA_NAT_REG_PROTO_MIN = 5;
    const uint NFT_NAT_DNAT = 1;
    const uint NFPROTO_IPV4 = 2;
    const uint NFT_REG_VERDICT = 0;
    const uint NFT_REG_1 = 1;
    const uint NFT_REG_2 = 2;

    // In struct iphdr, and in struct udphdr and tcphdr.
    const uint DestinationAddress = 16;
    const uint DestinationPort = 2;

    /// <summary>Packets that came by an interface whose name begins so, or by one whose does not.</summary>
    /// <param name="prefix">With a NUL for a whole name.</param>
    /// <param name="isSo">Which of both.</param>
    public void MatchInterface(ReadOnlySpan<byte> prefix, bool isSo) =>
        MatchMeta(NFT_META_IIFNAME, prefix, isSo ? NFT_CMP_EQ : NFT_CMP_NEQ);

    /// <summary>Packets to an address, or to all that begin with fewer bytes.</summary>
    public void MatchDestination(params ReadOnlySpan<byte> address) =>
        MatchPayload(NFT_PAYLOAD_NETWORK_HEADER, DestinationAddress, address);

    /// <param name="protocol">IPPROTO_*: udp or tcp.</param>
    /// <param name="port">The destination's.</param>
    public void MatchPort(byte protocol, ushort port)
    {
        MatchMeta(NFT_META_L4PROTO, [protocol], NFT_CMP_EQ);
        MatchPayload(NFT_PAYLOAD_TRANSPORT_HEADER, DestinationPort, [(byte)(port >> 8), (byte)port]);
    }

    public void Drop()
    {
        int expression = Begin("immediate", out int data);
        batch.AddBigEndian(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        int nested = batch.Nest(NFTA_IMMEDIATE_DATA);
        int verdict = batch.Nest(NFTA_DATA_VERDICT);
        batch.AddBigEndian(NFTA_VERDICT_CODE, NF_DROP);
        batch.EndNest(verdict);
        batch.EndNest(nested);
        End(expression, data);
    }

    /// <summary>Only in a chain of the type "nat".</summary>
    public void SendTo(ReadOnlySpan<byte> address, ushort port)
    {
        Load(NFT_REG_1, address);
        Load(NFT_REG_2, [(byte)(port >> 8), (byte)port]);
        int expression = Begin("nat", out int data);
        batch.AddBigEndian(NFTA_NAT_TYPE, NFT_NAT_DNAT);
        batch.AddBigEndian(NFTA_NAT_FAMILY, NFPROTO_IPV4);
        batch.AddBigEndian(NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
        batch.AddBigEndian(NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
        End(expression, data);
    }

    void MatchMeta(uint key, ReadOnlySpan<byte> value, uint comparison)
    {
        int expression = Begin("meta", out int data);
        batch.AddBigEndian(NFTA_META_KEY, key);
        batch.AddBigEndian(NFTA_META_DREG, NFT_REG_1);
        End(expression, data);
        Compare(comparison, value);
    }

    void MatchPayload(uint header, uint offset, ReadOnlySpan<byte> value)
    {
        int expression = Begin("payload", out int data);
        batch.AddBigEndian(NFTA_PAYLOAD_DREG, NFT_REG_1);
        batch.AddBigEndian(NFTA_PAYLOAD_BASE, header);
        batch.AddBigEndian(NFTA_PAYLOAD_OFFSET, offset);
        batch.AddBigEndian(NFTA_PAYLOAD_LEN, (uint)value.Length);
        End(expression, data);
        Compare(NFT_CMP_EQ, value);
    }

    void Compare(uint comparison, ReadOnlySpan<byte> value)
    {
        int expression = Begin("cmp", out int data);
        batch.AddBigEndian(NFTA_CMP_SREG, NFT_REG_1);
        batch.AddBigEndian(NFTA_CMP_OP, comparison);
        AddValue(NFTA_CMP_DATA, value);
        End(expression, data);
    }

    void Load(uint register, ReadOnlySpan<byte> value)
    {
        int expression = Begin("immediate", out int data);
        batch.AddBigEndian(NFTA_IMMEDIATE_DREG, register);
        AddValue(NFTA_IMMEDIATE_DATA, value);
        End(expression, data);
    }

    void AddValue(ushort attribute, ReadOnlySpan<byte> value)
    {
        int nested = batch.Nest(attribute);
        batch.Add(NFTA_DATA_VALUE, value);
        batch.EndNest(nested);
    }

    int Begin(string name, out int data)
    {
        int element = batch.Nest(NFTA_LIST_ELEM);
        batch.Add(NFTA_EXPR_NAME, name);
        data = batch.Nest(NFTA_EXPR_DATA);
        return element;
    }

    void End(int expression, int data)
    {
        batch.EndNest(data);
        batch.EndNest(expression);
    }
}
