using Caisson.Root.Tests.Engines.Cri;

namespace Caisson.Root.Tests.Engines;

/// <summary>A test with pods of containerd's CRI plugin.</summary>
public abstract class CriTest : IDisposable
{
    protected CriTest(ContainerdEngine containerd)
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("needs root: containerd runs as root");
        }

        Containerd = containerd;
        Client = new CriClient($"{containerd.Place}/containerd.sock");
    }

    protected ContainerdEngine Containerd { get; }

    internal CriClient Client { get; set; }

    public void Dispose()
    {
        Client?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal Pod NewPod(string level, Namespaces? namespaces = null, Action<PodConfig>? change = null) =>
        new(Containerd.Scratch, Containerd.Cgroup, Client, level == "system" ? "caisson" : "plain", namespaces, change);

    internal int Pid(Pod pod) => (int)JsonNode.Parse(Client.PodStatus(pod.Id).Info["info"])!["pid"]!;

    internal void AssertNothingIsLeft()
    {
        string[] left = [.. Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup")
            .Select(hierarchy => $"{hierarchy}/{Containerd.Cgroup}").Where(Directory.Exists).SelectMany(Directory.GetDirectories)];
        Assert.Empty(left);
        Assert.DoesNotContain(Directory.GetFiles("/run/caisson/ids"), record => File.ReadAllText(record).Contains("/k8s.io/", StringComparison.Ordinal));
        Assert.Equal("", Containerd.Succeeded("ctr", "-n", "k8s.io", "containers", "ls", "-q"));
        Assert.Equal("", Containerd.Succeeded("find", "/run", "-path", "/run/netns/*", "-o", "-path", "/run/containerd/runc/k8s.io/*"));
    }
}
