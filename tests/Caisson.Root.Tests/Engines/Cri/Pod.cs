namespace Caisson.Root.Tests.Engines.Cri;

/// <summary>A pod of containerd's, as kubelet would make it; gone, with its containers, at the end.</summary>
sealed class Pod : IDisposable
{
    readonly PodConfig _config;
    readonly Dictionary<string, string> _logs = [];

    /// <param name="scratch">A directory that containerd sees, too.</param>
    /// <param name="cgroup">The pod's.</param>
    /// <param name="client">Whom it is told to.</param>
    /// <param name="handler">caisson or plain.</param>
    /// <param name="namespaces">Those that its containers share; by default the ones that they share by default.</param>
    /// <param name="change">To the configuration.</param>
    public Pod(string scratch, string cgroup, CriClient client, string handler, Namespaces? namespaces = null, Action<PodConfig>? change = null)
    {
        Client = client;
        Namespaces = namespaces ?? new Namespaces { Pid = Sharing.Container };
        string name = $"pod-{Guid.NewGuid().ToString("N")[..6]}";
        _config = new PodConfig
        {
            Metadata = new PodMetadata { Name = name, Uid = name, Namespace = "tests" },
            Hostname = "the-pod",
            LogDirectory = Directory.CreateDirectory($"{scratch}/{name}").FullName,
            Linux = new PodLinux { CgroupParent = $"/{cgroup}", SecurityContext = new PodSecurity { NamespaceOptions = Namespaces } },
        };
        change?.Invoke(_config);
        Id = client.RunPod(_config, handler);
    }

    public string Id { get; }

    public Namespaces Namespaces { get; }

    /// <summary>Another one after containerd has been started again.</summary>
    public CriClient Client { get; set; }

    /// <summary>A container of the pod that runs.</summary>
    public string Launch(Action<ContainerConfig>? change = null, params string[] command)
    {
        string container = Create(change, command);
        Client.Start(container);
        return container;
    }

    public string Create(Action<ContainerConfig>? change = null, params string[] command)
    {
        string name = $"c{_logs.Count}";
        ContainerConfig config = new()
        {
            Metadata = new ContainerMetadata { Name = name },
            Image = new Image { Image_ = ContainerdEngine.Image },
            LogPath = $"{name}.log",
            Linux = new ContainerLinux { SecurityContext = new ContainerSecurity { NamespaceOptions = Namespaces } },
        };
        config.Command.AddRange(command);
        change?.Invoke(config);
        string id = Client.Create(Id, config, _config);
        _logs.Add(id, $"{_config.LogDirectory}/{name}.log");
        return id;
    }

    /// <summary>Where a container's output is kept.</summary>
    public string Log(string container) => _logs[container];

    /// <summary>What a shell in a container prints; it must succeed.</summary>
    public string Shell(string container, string script)
    {
        ExecSyncResponse result = Client.Exec(container, "sh", "-c", script);
        Assert.True(result.ExitCode == 0, $"{script}: exit code {result.ExitCode}: {result.Stderr.ToStringUtf8()}{result.Stdout.ToStringUtf8()}");
        return result.Stdout.ToStringUtf8().Trim();
    }

    /// <summary>The first word of what a web server says, once it answers.</summary>
    public string Ask(string container, string url) =>
        Shell(container, $"until wget -q -O /tmp/answer {url}; do sleep 0.05; done; head -n 1 /tmp/answer | cut -d: -f1");

    public void Dispose()
    {
        Client.StopPod(Id);
        Client.RemovePod(Id);
    }
}
