using Caisson.Root.Tests.Engines.Cri;
using Caisson.Root.Tests.Harness;
using Grpc.Core;

namespace Caisson.Root.Tests.Engines;

/// <summary>Pods of containerd's CRI plugin, at both levels: what kubelet does with them.</summary>
public abstract class CriTests(ContainerdEngine containerd) : CriTest(containerd)
{
    [Theory, ForEachLevel]
    public void ContainersOfAPod_ShareItsNetworkAndMemory_AndComeAndGo(string level)
    {
        using (Pod pod = NewPod(level))
        {
            string server = pod.Launch(command: ["httpd", "-f", "-p", "80", "-h", "/etc"]);
            string other = pod.Launch();
            Assert.Equal("root", pod.Ask(other, "http://localhost/passwd"));
            Assert.Equal("the-pod", pod.Shell(other, "hostname"));
            pod.Shell(other, "echo shared >/dev/shm/file");
            Assert.Equal("shared", pod.Shell(server, "cat /dev/shm/file"));
            Assert.Contains(Client.PodStatus(pod.Id).Status.Network.Ip, pod.Shell(server, "ip -4 -o address show dev eth0"), StringComparison.Ordinal);
            Assert.DoesNotContain("httpd", pod.Shell(other, "ps"), StringComparison.Ordinal);
            Assert.Equal(7, Client.Exec(other, "sh", "-c", "exit 7").ExitCode);

            Client.Update(other, new Resources { MemoryLimitInBytes = 64 << 20 });
            Assert.Equal("67108864", pod.Shell(other, "cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat /sys/fs/cgroup/memory.max"));
            ContainerStats stats = Client.Stats(other);
            Assert.True(stats.Cpu.UsageCoreNanoSeconds.Value > 0 && stats.Memory.WorkingSetBytes.Value > 0);

            Client.Stop(other, seconds: 0);
            Assert.Equal(137, Client.StatusOf(other).Status.ExitCode);
            Client.Remove(other);
            string third = pod.Launch(command: ["sh", "-c", "echo to the log; exit 3"]);
            RootTest.Eventually(() => Client.StatusOf(third).Status.State == ContainerState.Exited, "the third container has ended");
            Assert.Equal(3, Client.StatusOf(third).Status.ExitCode);
            Assert.Contains("stdout F to the log", File.ReadAllText(pod.Log(third)), StringComparison.Ordinal);
        }

        AssertNothingIsLeft();
    }

    [Theory, ForEachLevel]
    public void APodWithOnePidNamespace_LeavesNoProcessOfAContainerThatStops(string level)
    {
        using Pod pod = NewPod(level, new Namespaces { Pid = Sharing.Pod });
        string first = pod.Launch(command: ["sh", "-c", "sleep 7771 & sleep 7772 & exec sleep 7773"]);
        string second = pod.Launch();
        RootTest.Eventually(() => Sleepers() == "3", "the first container has three processes");
        // The sandbox's program is the first one, and all see it as their own user's.
        Assert.Equal("root sleep 1000", pod.Shell(second, "ps -o user,args | sed -n 2p | tr -s ' '"));

        Client.Stop(first, seconds: 0);

        RootTest.Eventually(() => Sleepers() == "0", "all of them have ended");
        Assert.Equal(ContainerState.Running, Client.StatusOf(second).Status.State);

        string Sleepers() => pod.Shell(second, "ps -o args | grep -c '^sleep 777' || true");
    }

    [Theory, ForEachLevel]
    public void SysctlsOfAPod_HoldInItsContainers(string level)
    {
        using Pod pod = NewPod(level, change: config =>
        {
            config.Linux.Sysctls.Add("net.ipv4.ip_unprivileged_port_start", "1000");
            config.Linux.Sysctls.Add("kernel.shm_rmid_forced", "1");
        });
        pod.Launch();

        Assert.Equal("1000 1", pod.Shell(pod.Launch(), "echo $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced)"));
    }

    [Theory, ForEachLevel]
    public void TheEndOfAContainer_HasItsReason(string level)
    {
        using Pod pod = NewPod(level);
        string polite = pod.Launch(command: ["sh", "-c", "trap 'exit 42' TERM; echo ready; sleep 1000 & wait"]);
        string greedy = pod.Launch(
            config => config.Linux.Resources = new Resources { MemoryLimitInBytes = 16 << 20 },
            "sh", "-c", "exec awk 'BEGIN { s = \"x\"; while (1) s = s s }'");

        RootTest.Eventually(() => File.ReadAllText(pod.Log(polite)).Contains("ready", StringComparison.Ordinal), "the polite one is ready");
        Client.Stop(polite, seconds: 30);
        Assert.Equal(42, Client.StatusOf(polite).Status.ExitCode);

        RootTest.Eventually(() => Client.StatusOf(greedy).Status.State == ContainerState.Exited, "the kernel has ended the greedy one");
        Assert.Equal("OOMKilled", Client.StatusOf(greedy).Status.Reason);

        string other = pod.Launch();
        RpcException late = Assert.Throws<RpcException>(() => Client.Exec(other, seconds: 1, "sleep", "7770"));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        Assert.Equal("0", pod.Shell(other, "ps -o args | grep -c '^sleep 7770' || true"));
    }

    [Fact]
    public void SystemContainersOfAPod_HaveOneUserNamespace_AndItsIdsToThemselves()
    {
        using Pod pod = NewPod("system"), another = NewPod("system");
        string first = pod.Launch(), second = pod.Launch(), stranger = another.Launch();

        const string all = "for each in user ipc uts net; do readlink /proc/1/ns/$each; done; cat /proc/self/uid_map";
        Assert.Equal(pod.Shell(first, all), pod.Shell(second, all));
        Assert.Contains(pod.Shell(first, "cat /proc/self/uid_map"), File.ReadAllText($"/proc/{Pid(pod)}/uid_map").Trim(), StringComparison.Ordinal);
        Assert.NotEqual(pod.Shell(first, "cat /proc/self/uid_map"), another.Shell(stranger, "cat /proc/self/uid_map"));
        Assert.Equal(
            "0", pod.Shell(second, "mkdir /m && mount -t tmpfs tmpfs /m && unshare -Urmpf --mount-proc true && mount -t mqueue mqueue /m && stat -c %u /m"));
        // Each has its own view, and what only sleeps has none.
        Client.Update(second, new Resources { MemoryLimitInBytes = 64 << 20 });
        Assert.Equal("65536", pod.Shell(second, "awk '/MemTotal/ {print $2}' /proc/meminfo"));
        Assert.Equal([0, 1, 1], ((string[])[pod.Id, first, second]).Select(Leftovers.Monitors).Select(monitors => Math.Min(1, monitors.Count)));
    }

    [Theory, ForEachLevel]
    public void Pods_OutliveContainerd(string level)
    {
        using Pod pod = NewPod(level);
        string container = pod.Launch();

        Client.Dispose();
        Containerd.Restart();
        Client = new CriClient($"{Containerd.Place}/containerd.sock");
        pod.Client = Client;

        Assert.Equal(ContainerState.Running, Client.StatusOf(container).Status.State);
        Assert.Equal("the-pod", pod.Shell(container, "hostname"));
        pod.Launch();
    }

    [Theory, ForEachLevel]
    public void Exec_AndAttach_HaveATerminal(string level)
    {
        using Pod pod = NewPod(level);
        string container = pod.Launch(config => (config.Tty, config.Stdin) = (true, true), "sh");

        using CriStream exec = new(Containerd, Client.ExecUrl(container, "sh"));
        exec.SetSize(17, 93);
        exec.Type("until stty size | grep '17 93'; do sleep 0.02; done; exit\n");
        Assert.Contains("17 93", exec.ToEnd(), StringComparison.Ordinal);

        using CriStream attached = new(Containerd, Client.AttachUrl(container));
        attached.Type("echo $((40 + 2)) of $$\n");
        attached.Until("42 of 1");
    }

    [Fact]
    public void APodInTheHostsNetwork_IsAPlainOnesMatter()
    {
        Namespaces host = new() { Network = Sharing.Node, Pid = Sharing.Container };
        // It has the host's name, too.
        static void unnamed(PodConfig config) => config.Hostname = "";
        using (Pod pod = NewPod("plain", host, unnamed))
        {
            Assert.Equal(Containerd.Succeeded("readlink", "/proc/self/ns/net"), pod.Shell(pod.Launch(), "readlink /proc/self/ns/net"));
        }

        RpcException refusal = Assert.Throws<RpcException>(() => NewPod("system", host, unnamed));
        Assert.Contains("a system container cannot share the host's network namespace", refusal.Status.Detail, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Fact]
    public void APrivilegedSystemContainer_HasNoneOfTheHostsDevices()
    {
        using Pod pod = NewPod("system", change: config => config.Linux.SecurityContext.Privileged = true);
        string container = pod.Launch(config => config.Linux.SecurityContext.Privileged = true);

        Assert.Equal("000001ffffffffff", pod.Shell(container, "awk '/CapEff/ {print $2}' /proc/self/status"));
        Assert.Equal("0", pod.Shell(container, "find /dev -type b | wc -l"));
        pod.Shell(container, "! mknod /dev/sda b 8 0 2>/dev/null && mkdir /m && mount -t tmpfs tmpfs /m");
    }
}

[Collection(typeof(OnContainerdOfBookworm))]
public sealed class CriOfBookwormTests(ContainerdOfBookworm containerd) : CriTests(containerd);

[Collection(typeof(OnContainerdOfTrixie))]
public sealed class CriOfTrixieTests(ContainerdOfTrixie containerd) : CriTests(containerd);

[Collection(typeof(OnContainerdOfSid))]
public sealed class CriOfSidTests(ContainerdOfSid containerd) : CriTests(containerd);
