using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Kernel.Netlink;

/// <summary>Interfaces of the calling thread's network namespace, by their numbers (rtnetlink(7)).</summary>
public static unsafe partial class NetworkInterface
{
    const int NETLINK_ROUTE = 0;
    const int RTM_NEWLINK = 16;
    const int RTM_NEWADDR = 20;
    const int RTM_GETADDR = 22;
    const ushort NLM_F_EXCL = 0x200;
    const ushort NLM_F_DUMP = 0x300;
    const ushort NLM_F_CREATE = 0x400;
    const ushort IFLA_IFNAME = 3;
    const ushort IFLA_NET_NS_FD = 28;
    const ushort IFA_ADDRESS = 1;
    const ushort IFA_LOCAL = 2;
    const byte IFA_F_PERMANENT = 0x80;
    const byte RT_SCOPE_UNIVERSE = 0;
    const uint IFF_UP = 1;

    // struct ifinfomsg: family, padding, type, index, flags, change. struct ifaddrmsg: family, prefix length, flags, scope, index.
    const int LinkHeaderSize = 16;
    const int AddressHeaderSize = 8;

    /// <summary>Its number; 0 where there is none of that name.</summary>
    public static int IndexOf(string name)
    {
        fixed (byte* start = Encoding.UTF8.GetBytes(name + '\0'))
        {
            return (int)if_nametoindex(start);
        }
    }

    /// <summary>Its addresses that are of use elsewhere, too: global ones that were not given for a time.</summary>
    public static Errno TryListAddresses(int index, List<InterfaceAddress> found)
    {
        NetlinkBatch batch = new();
        batch.Begin(RTM_GETADDR, NLM_F_DUMP, isAnswered: false, stackalloc byte[AddressHeaderSize]);
        return TrySend(batch, (type, body) =>
        {
            if (type == RTM_NEWADDR && body.Length >= AddressHeaderSize && BinaryPrimitives.ReadInt32LittleEndian(body[4..]) == index
                && (body[2] & IFA_F_PERMANENT) != 0 && body[3] == RT_SCOPE_UNIVERSE)
            {
                byte[] address = Attribute(body[AddressHeaderSize..], IFA_ADDRESS);
                byte[] local = Attribute(body[AddressHeaderSize..], IFA_LOCAL);
                found.Add(new InterfaceAddress(body[0], body[1], local.Length == 0 ? address : local, address));
            }
        });
    }

    /// <summary>Moves it to another network namespace, by another name perhaps; thereby it goes down and loses its addresses.</summary>
    public static Errno TryMove(int index, string name, Fd network)
    {
        NetlinkBatch batch = new();
        BeginLink(batch, index, flags: 0);
        batch.Add(IFLA_IFNAME, name);
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, network.Number);
        batch.Add(IFLA_NET_NS_FD, number);
        Errno errno = TrySend(batch, null);
        GC.KeepAlive(network);
        return errno;
    }

    public static Errno TryAddAddress(int index, InterfaceAddress address)
    {
        NetlinkBatch batch = new();
        Span<byte> header = [address.Family, address.PrefixLength, IFA_F_PERMANENT, RT_SCOPE_UNIVERSE, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        batch.Begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, isAnswered: true, header);
        batch.Add(IFA_LOCAL, address.Local);
        batch.Add(IFA_ADDRESS, address.Address);
        return TrySend(batch, null);
    }

    public static Errno TryBringUp(int index)
    {
        NetlinkBatch batch = new();
        BeginLink(batch, index, IFF_UP);
        return TrySend(batch, null);
    }

    static void BeginLink(NetlinkBatch batch, int index, uint flags)
    {
        Span<byte> header = stackalloc byte[LinkHeaderSize];
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], IFF_UP);
        batch.Begin(RTM_NEWLINK, 0, isAnswered: true, header);
    }

    static Errno TrySend(NetlinkBatch batch, NetlinkAnswer? each)
    {
        using NetlinkSocket socket = new(NETLINK_ROUTE);
        return socket.TrySend(batch, each);
    }

    // struct rtattr: length, type; empty where there is none.
    static byte[] Attribute(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        while (attributes.Length >= sizeof(int))
        {
            int size = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(attributes), (ushort)sizeof(int), attributes.Length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == wanted)
            {
                return attributes[sizeof(int)..size].ToArray();
            }

            attributes = attributes[Math.Min((size + 3) & ~3, attributes.Length)..];
        }

        return [];
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial uint if_nametoindex(byte* name);
}
