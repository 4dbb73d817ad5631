namespace Caisson.Vm.Tests;

/// <summary>What a distribution's kernel has as a module, and root of a system container brings up.</summary>
[Collection(typeof(InVm))]
public sealed class NodeTests(VirtualMachine machine) : VmTest(machine)
{
    // Debian's own programs, out of the machine's files.
    const string Tool = "/host/usr/lib64/ld-linux-x86-64.so.2 --library-path /host/usr/lib/x86_64-linux-gnu /host/usr/bin";

    [Fact]
    [Trait("form", "long")]
    public void ATunnelOfWireGuard_ConnectsTwoContainers()
    {
        // Modules are the machine's to load.
        Run("modprobe wireguard; systemctl start docker");
        string[] keys = [.. ((string[])["one", "two"]).Select(Start)];
        Connect("one", keys[1], Run("docker inspect -f '{{.NetworkSettings.IPAddress}}' two"), "10.7.0.1", "10.7.0.2");
        Connect("two", keys[0], Run("docker inspect -f '{{.NetworkSettings.IPAddress}}' one"), "10.7.0.2", "10.7.0.1");
        Assert.Contains("1 packets received", Run("docker exec one ping -c 1 -W 20 10.7.0.2"), StringComparison.Ordinal);
        Run("docker rm -f one two");
    }

    string Start(string name)
    {
        Run($"docker run -d --name {name} --runtime=caisson -v /:/host:ro bb");
        return Inside(name, $"umask 77; {Tool}/wg genkey >/key && {Tool}/ip link add wg0 type wireguard && {Tool}/wg set wg0 private-key /key listen-port 51820 && {Tool}/wg show wg0 public-key");
    }

    void Connect(string name, string key, string endpoint, string own, string other) => Inside(
        name, $"{Tool}/wg set wg0 peer {key} endpoint {endpoint}:51820 allowed-ips {other}/32 && ip addr add {own}/24 dev wg0 && ip link set wg0 up");

    string Inside(string name, string script) => Run($"docker exec {name} sh -c '{script}'");
}
