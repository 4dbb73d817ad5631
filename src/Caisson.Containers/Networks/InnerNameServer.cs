using System.Text;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Netlink;
using Caisson.Oci;

namespace Caisson.Containers.Networks;

/// <summary>
/// Docker's name server of a user-defined network listens on a loopback address of the container, which containers inside cannot reach:
/// their engine leaves it out of what it gives them. Here it gets a second address that they can.
/// </summary>
static class InnerNameServer
{
    /// <summary>Of the part of 169.254.0.0/16 that nobody takes by himself (RFC 3927, 2.1).</summary>
    public const string Address = "169.254.0.11";

    const string Loopback = "127.0.0.11";
    const string Table = "caisson-dns";

    // What a socket of the table has in the first fields of /proc/net: the address in hexadecimal, the host's byte order.
    const string LoopbackInHex = "0B00007F:";
    const string Listening = "0A";

    const byte IPPROTO_TCP = 6;
    const byte IPPROTO_UDP = 17;
    const ushort Domain = 53;

    static ReadOnlySpan<byte> AddressBytes => [169, 254, 0, 11];

    static ReadOnlySpan<byte> LoopbackBytes => [127, 0, 0, 11];

    /// <summary>Does nothing where the engine has given no such name server. Its network is set up before a container is started.</summary>
    /// <exception cref="KernelException">The kernel has no nftables, for example.</exception>
    public static void Offer(Spec spec, int pid)
    {
        string? file = OwnFileOfEngine(spec);
        if (file is null || FileText.TryRead(Fd.CurrentDirectory, file) is not { } text || !Names(text, Loopback) || Names(text, Address))
        {
            return;
        }

        using ContainerNamespaces namespaces = new(pid);
        if (namespaces.Within(NamespaceKind.CLONE_NEWNET, Redirect))
        {
            // After the first one, which the container's own processes go on asking. An engine inside leaves that out.
            using Fd end = OpenAt2.Open(file, OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
            FileText.WriteAll(end, Encoding.UTF8.GetBytes($"{(text.EndsWith('\n') ? "" : "\n")}nameserver {Address}\n"));
        }
    }

    // A file that the engine makes for each container anew, in a directory that has its id for a name; not one of the user's.
    static string? OwnFileOfEngine(Spec spec)
    {
        string? source = spec.Mounts?.LastOrDefault(mount => MountPlanner.Clean(mount.Destination) == "/etc/resolv.conf")?.Source;
        return source is not null
            && Path.GetFileName(source) == "resolv.conf"
            && Path.GetFileName(Path.GetDirectoryName(source)) is { Length: 64 } id
            && id.All(char.IsAsciiHexDigitLower)
            ? source
            : null;
    }

    static bool Names(string text, string address) =>
        text.Split('\n').Any(line => line.StartsWith("nameserver", StringComparison.Ordinal) && line[10..].Trim() == address);

    static bool Redirect()
    {
        ushort? udp = FindPort("udp", state: null);
        if (udp is null)
        {
            return false;
        }

        NetfilterTable table = new(Table);
        // What comes from outside may come to the loopback addresses by these rules only.
        table.AddChain("guard", "filter", NetfilterHook.NF_INET_PRE_ROUTING, NetfilterPriority.NF_IP_PRI_RAW);
        table.AddRule("guard", rule =>
        {
            rule.MatchInterface("lo\0"u8, isSo: false);
            rule.MatchDestination(LoopbackBytes[0]);
            rule.Drop();
        });
        // By the engine's own interfaces neighbours come, not containers inside.
        table.AddRule("guard", rule =>
        {
            rule.MatchInterface("eth"u8, isSo: true);
            rule.MatchDestination(AddressBytes);
            rule.Drop();
        });
        foreach ((string chain, NetfilterHook hook) in (ReadOnlySpan<(string, NetfilterHook)>)
            [("inside", NetfilterHook.NF_INET_PRE_ROUTING), ("own", NetfilterHook.NF_INET_LOCAL_OUT)])
        {
            table.AddChain(chain, "nat", hook, NetfilterPriority.NF_IP_PRI_NAT_DST);
            AddRedirection(table, chain, IPPROTO_UDP, udp);
            AddRedirection(table, chain, IPPROTO_TCP, FindPort("tcp", Listening));
        }

        KernelException.Require(table.TryLoad(), "load nftables rules", Table);

        FileText.Write("/proc/sys/net/ipv4/conf/all/route_localnet", "1");
        return true;
    }

    static void AddRedirection(NetfilterTable table, string chain, byte protocol, ushort? port)
    {
        if (port is { } found)
        {
            table.AddRule(chain, rule =>
            {
                rule.MatchDestination(AddressBytes);
                rule.MatchPort(protocol, Domain);
                rule.SendTo(LoopbackBytes, found);
            });
        }
    }

    // The engine's rules send port 53 to where it really listens; what listens is to be seen without reading rules (proc_net(5)).
    static ushort? FindPort(string protocol, string? state)
    {
        foreach (string line in FileText.Read($"/proc/thread-self/net/{protocol}").Split('\n'))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 3 && fields[1].StartsWith(LoopbackInHex, StringComparison.Ordinal) && (state is null || fields[3] == state))
            {
                return Convert.ToUInt16(fields[1][LoopbackInHex.Length..], 16);
            }
        }

        return null;
    }
}
