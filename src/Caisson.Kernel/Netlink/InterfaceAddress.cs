namespace Caisson.Kernel.Netlink;

/// <summary>An address of an interface.</summary>
/// <param name="Family">AF_INET or AF_INET6.</param>
/// <param name="PrefixLength">Of its network, in bits.</param>
/// <param name="Local">The address itself.</param>
/// <param name="Address">The same, or the other end's of a point-to-point link.</param>
public sealed record InterfaceAddress(byte Family, byte PrefixLength, byte[] Local, byte[] Address);
