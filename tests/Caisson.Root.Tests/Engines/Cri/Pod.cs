namespace Caisson.Root.Tests.Engines.Cri;

/// <summary>A pod of containerd's, as kubelet would make it; gone, with its containers, at the end.</summary>
sealed class Pod : IDisposable
{
    readonly CriClient _client;
    readonly PodConfig _config;
    int _containers;

    /// <param name="engine">Where.</param>
    /// <param name="client">Whom it is told to.</param>
    /// <param name="handler">caisson or plain.</param>
    /// <param name="namespaces">Those that its containers share; by default the ones that they share by default.</param>
    /// <param name="change">To the configuration.</param>
    public Pod(ContainerdEngine engine, CriClient client, string handler, Namespaces? namespaces = null, Action<PodConfig>? change = null)
    {
        _client = client;
        Namespaces = namespaces ?? new Namespaces { Pid = Sharing.Container };
        string name = $"pod-{Guid.NewGuid().ToString("N")[..6]}";
        _config = new PodConfig
        {
            Metadata = new PodMetadata { Name = name, Uid = name, Namespace = "tests" },
            Hostname = "the-pod",
            LogDirectory = $"{engine.Scratch}/logs",
            Linux = new PodLinux { CgroupParent = $"/{engine.Cgroup}", SecurityContext = new PodSecurity { NamespaceOptions = Namespaces } },
        };
        Logs = _config.LogDirectory;
        change?.Invoke(_config);
        Id = client.RunPod(_config, handler);
    }

    public string Id { get; }

    public Namespaces Namespaces { get; }

    public string Logs { get; }

    public static Namespaces UserNamespaces(uint hostId) => new()
    {
        Pid = Sharing.Container,
        UsernsOptions = new UserNamespace
        {
            Mode = Sharing.Pod,
            Uids = { new IdMapping { HostId = hostId, ContainerId = 0, Length = 65536 } },
            Gids = { new IdMapping { HostId = hostId, ContainerId = 0, Length = 65536 } },
        },
    };

    /// <summary>A container of the pod that runs.</summary>
    public string Launch(Action<ContainerConfig>? change = null, params string[] command)
    {
        string container = Create(change, command);
        _client.Start(container);
        return container;
    }

    public string Create(Action<ContainerConfig>? change = null, params string[] command)
    {
        string name = $"c{++_containers}";
        ContainerConfig config = new()
        {
            Metadata = new ContainerMetadata { Name = name },
            Image = new Image { Image_ = ContainerdEngine.Image },
            LogPath = $"{name}.log",
            Linux = new ContainerLinux { SecurityContext = new ContainerSecurity { NamespaceOptions = Namespaces } },
        };
        config.Command.AddRange(command);
        change?.Invoke(config);
        return _client.Create(Id, config, _config);
    }

    /// <summary>What a shell in a container prints; it must succeed.</summary>
    public string Shell(string container, string script)
    {
        ExecSyncResponse result = _client.Exec(container, "sh", "-c", script);
        Assert.True(result.ExitCode == 0, $"{script}: exit code {result.ExitCode}: {result.Stderr.ToStringUtf8()}{result.Stdout.ToStringUtf8()}");
        return result.Stdout.ToStringUtf8().Trim();
    }

    public void Dispose()
    {
        _client.StopPod(Id);
        _client.RemovePod(Id);
    }
}
