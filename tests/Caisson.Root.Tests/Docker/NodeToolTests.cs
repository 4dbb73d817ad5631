namespace Caisson.Root.Tests.Docker;

/// <summary>What nodes of clusters and small machines do with networks, file systems and containers, by Debian's own tools.</summary>
[Collection(typeof(OnBookworm))]
public sealed class NodeToolTests(BookwormEngine engine) : EngineTests(engine)
{
    [Fact]
    public void Firewalls_OfAllKinds_StandSideBySide()
    {
        using Outer node = Idle("firewalls");
        Assert.Equal("10.1.2.3", node.Inside("ipset create blocked hash:ip && ipset add blocked 10.1.2.3 && ipset list blocked | tail -1"));
        node.Inside("iptables -A OUTPUT -m set --match-set blocked dst -j REJECT && iptables-legacy -A OUTPUT -d 10.1.2.4 -j REJECT");
        node.Inside("nft add table inet own && nft add chain inet own out '{ type filter hook output priority 0; }' && nft add rule inet own out ip daddr 10.1.2.5 counter reject");
        node.Inside("ip6tables -t nat -A POSTROUTING -s fd00::/64 -j MASQUERADE && ebtables -A FORWARD -j ACCEPT");
        foreach (string refused in (string[])["10.1.2.3", "10.1.2.4", "10.1.2.5"])
        {
            // Refused at once: 28 would be its time that has run out.
            Assert.Equal("7", node.Inside($"curl -s --connect-timeout 5 http://{refused}/; echo $?"));
        }

        node.Inside("sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1 net.netfilter.nf_conntrack_max=262144 net.ipv4.conf.all.route_localnet=1");
        Assert.Contains("found", node.Inside("conntrack -S"), StringComparison.Ordinal);
        Assert.Contains("10.1.2.6", node.Inside("iptables -t nat -A POSTROUTING -j MASQUERADE; curl -s --connect-timeout 1 http://10.1.2.6/; conntrack -L 2>/dev/null"), StringComparison.Ordinal);
    }

    [Fact]
    public void Interfaces_OfManyKinds_AndNamespacesOfTheirOwn()
    {
        using Outer node = Idle("links");
        node.Inside(
            "ip netns add a && ip netns add b && ip link add va netns a type veth peer vb netns b"
            + " && for n in a b; do ip netns exec $n ip link set v$n up; done"
            + " && ip -n a addr add 10.9.0.1/24 dev va && ip -n b addr add 10.9.0.2/24 dev vb && ip -n a addr add fd09::1/64 dev va nodad && ip -n b addr add fd09::2/64 dev vb nodad");
        node.Inside("ip netns exec a ping -qc 1 -W 5 10.9.0.2 && ip netns exec a ping -qc 1 -W 5 fd09::2");
        node.Inside("ip link add m0 link eth0 mtu 1400 type macvlan mode bridge && ip link add b0 type bridge && ip tuntap add t0 mode tap && ip link set t0 master b0");
        Assert.Equal("1400", node.Inside("cat /sys/class/net/m0/mtu"));
        Assert.Equal("1 packet captured", node.Inside("timeout 10 tcpdump -i lo -c 1 -n icmp 2>&1 & sleep 1; ping -qc 1 127.0.0.1 >/dev/null; wait").Split('\n')[^3]);
        node.Inside("su nobody -s /bin/sh -c 'ping -qc 1 127.0.0.1'");
        // Multicast, by the answers of both that have joined the group of all.
        node.Inside("ip netns exec a sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0 && ip netns exec b sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0");
        Assert.Contains("from 10.9.0.2", node.Inside("ip netns exec a ping -c 1 -W 5 -I va 224.0.0.1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_AreJoinedByVxlan_AndByASwarm()
    {
        // With a name server that refuses, the search for a registry is over at once.
        using Outer one = new Outer(Engine, "one").Start(Engine.Node(), "--dns", "127.0.0.1").ImportBusybox();
        using Outer two = new Outer(Engine, "two").Start(Engine.Node(), "--dns", "127.0.0.1").ImportBusybox();
        string[] at = [.. ((Outer[])[one, two]).Select(node => node.Inside("hostname -i"))];
        Connect(one, at[0], at[1], "10.8.0.1");
        Connect(two, at[1], at[0], "10.8.0.2");
        two.Inside("ping -qc 1 -W 5 10.8.0.1");

        one.Inside($"docker swarm init --advertise-addr {at[0]}");
        two.Inside($"docker swarm join --token {one.Inside("docker swarm join-token -q worker")} {at[0]}:2377");
        one.Inside("docker network create -d overlay --attachable over && docker run -d --name web --network over bb httpd -f -h /www");
        // The worker learns of a network when it first has a container in it.
        Assert.Contains("1 packets received", two.Inside("docker run --rm --network over bb ping -qc 1 -W 5 web"), StringComparison.Ordinal);
        one.Inside("docker service create -qd --name both --mode global --endpoint-mode dnsrr --network over --no-resolve-image bb");
        Eventually(() => one.Inside("docker service ls --format '{{.Replicas}}'") == "2/2", "it runs on both");
        Assert.Equal("1", two.Inside("docker ps -q --filter name=both | wc -l"));
        one.Inside("docker service rm both && docker rm -f web && docker swarm leave -f");
        two.Inside("docker swarm leave -f");

        static void Connect(Outer node, string own, string other, string address) => node.Inside(
            $"ip link add v0 type vxlan id 7 dstport 4790 dev eth0 local {own} remote {other} && ip addr add {address}/24 dev v0 && ip link set v0 up");
    }

    [Fact]
    public void LxcContainers_Run()
    {
        using Outer node = Idle("lxc");
        node.Inside("mkdir -p /var/lib/lxc/c/rootfs && tar -xf /usr/share/caisson/busybox.tar -C /var/lib/lxc/c/rootfs");
        node.Inside("printf '%s\n' 'lxc.uts.name = c' 'lxc.rootfs.path = dir:/var/lib/lxc/c/rootfs' 'lxc.net.0.type = empty' 'lxc.mount.auto = proc:mixed sys:ro cgroup:mixed' >/var/lib/lxc/c/config");
        node.Inside("lxc-start -n c -- /bin/sleep 100 && lxc-wait -n c -s RUNNING -t 20");
        Assert.Equal("c 1 sleep", node.Inside("lxc-attach -n c -- /bin/sh -c 'echo $(hostname) $(pidof sleep) $(cat /proc/1/comm)'"));
        Assert.Equal("FROZEN", node.Inside("lxc-freeze -n c && lxc-info -sHn c"));
        node.Inside("lxc-unfreeze -n c && lxc-stop -k -n c && lxc-wait -n c -s STOPPED -t 20");
    }

    [Fact]
    public void Images_OfFileSystems_AreMountedByFuse()
    {
        using Outer node = Idle("images");
        node.Inside("mkdir /e /s && truncate -s 16M /e.img && mkfs.ext4 -q /e.img && fuse2fs /e.img /e -o fakeroot && echo kept >/e/file && umount /e");
        Eventually(() => node.Inside("pidof fuse2fs || true") == "", "all is written");
        Assert.Equal("kept", node.Inside("fuse2fs /e.img /e -o ro,fakeroot && cat /e/file && umount /e"));
        Assert.Equal("kept", node.Inside("mkdir /t && echo kept >/t/file && mksquashfs /t /s.img -quiet -no-progress >/dev/null && squashfuse /s.img /s && cat /s/file && umount /s"));
        // The kernel itself reads an untrusted file system for the host's root only.
        Assert.NotEqual(0, Engine.Try("exec", "images", "mount", "-o", "loop", "/e.img", "/e").ExitCode);
    }

    Outer Idle(string name)
    {
        Outer node = new(Engine, name);
        node.StartOnly(Engine.Node(), ["1000"], ["--entrypoint", "sleep"]);
        return node;
    }
}
