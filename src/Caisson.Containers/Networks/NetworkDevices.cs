using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Netlink;
using Caisson.Oci;

namespace Caisson.Containers.Networks;

/// <summary>
/// /linux/netDevices: interfaces of ours that the container gets, with their addresses, up. The kernel brings hardware back when the
/// container's network namespace ends.
/// </summary>
static class NetworkDevices
{
    public static void Move(IReadOnlyDictionary<string, LinuxNetDevice>? devices, ContainerNamespaces namespaces)
    {
        foreach ((string name, LinuxNetDevice device) in devices ?? new Dictionary<string, LinuxNetDevice>())
        {
            ContainerException.During($"/linux/netDevices/{name}", () => Move(name, device.Name ?? name, namespaces));
        }
    }

    static void Move(string name, string newName, ContainerNamespaces namespaces)
    {
        int index = NetworkInterface.IndexOf(name);
        if (index == 0)
        {
            throw new UserError($"/linux/netDevices/{name}: there is no interface of this name", "ip link lists those that there are");
        }

        // The kernel would move it first, and then not rename it.
        if (namespaces.Within(NamespaceKind.CLONE_NEWNET, () => NetworkInterface.IndexOf(newName)) != 0)
        {
            throw new UserError($"/linux/netDevices/{name}: the container has an interface {newName} already", "give another name");
        }

        List<InterfaceAddress> addresses = [];
        KernelException.Require(NetworkInterface.TryListAddresses(index, addresses), "list the addresses of", name);
        KernelException.Require(NetworkInterface.TryMove(index, newName, namespaces.Network), "move", name);
        namespaces.Within(NamespaceKind.CLONE_NEWNET, () =>
        {
            int moved = NetworkInterface.IndexOf(newName);
            foreach (InterfaceAddress address in addresses)
            {
                KernelException.Require(NetworkInterface.TryAddAddress(moved, address), "give its address to", newName);
            }

            KernelException.Require(NetworkInterface.TryBringUp(moved), "bring up", newName);
            return true;
        });
    }
}
