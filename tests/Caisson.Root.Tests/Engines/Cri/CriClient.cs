using System.Net.Sockets;
using Caisson.Root.Tests.Harness;
using Grpc.Core;
using Grpc.Net.Client;

namespace Caisson.Root.Tests.Engines.Cri;

/// <summary>What kubelet says to containerd: the calls of Kubernetes' Container Runtime Interface over a Unix socket.</summary>
sealed class CriClient : IDisposable
{
    readonly GrpcChannel _channel;
    readonly RuntimeService.RuntimeServiceClient _calls;

    public CriClient(string socket)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _calls = new RuntimeService.RuntimeServiceClient(_channel);
        // containerd says that it is ready before this plugin knows its pods again.
        RootTest.Eventually(IsInitialized, "containerd's CRI plugin answers");
    }

    static CallOptions Bounded => new(deadline: DateTime.UtcNow.AddSeconds(40), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Whether a runtime handler is said to be able to have pods in user namespaces.</summary>
    public bool HasUserNamespaces(string handler) =>
        _calls.Status(new StatusRequest(), Bounded).RuntimeHandlers.Any(entry => entry.Name == handler && entry.Features.UserNamespaces);

    public string RunPod(PodConfig config, string handler) =>
        _calls.RunPodSandbox(new RunPodSandboxRequest { Config = config, RuntimeHandler = handler }, Bounded).PodSandboxId;

    public PodStatusResponse PodStatus(string pod) => _calls.PodSandboxStatus(new PodStatusRequest { PodSandboxId = pod, Verbose = true }, Bounded);

    public void StopPod(string pod) => _calls.StopPodSandbox(new PodRequest { PodSandboxId = pod }, Bounded);

    public void RemovePod(string pod) => _calls.RemovePodSandbox(new PodRequest { PodSandboxId = pod }, Bounded);

    public string Create(string pod, ContainerConfig config, PodConfig podConfig) => _calls.CreateContainer(
        new CreateContainerRequest { PodSandboxId = pod, Config = config, SandboxConfig = podConfig }, Bounded).ContainerId;

    public void Start(string container) => _calls.StartContainer(new ContainerRequest { ContainerId = container }, Bounded);

    public void Stop(string container, int seconds) =>
        _calls.StopContainer(new StopContainerRequest { ContainerId = container, Timeout = seconds }, Bounded);

    public void Remove(string container) => _calls.RemoveContainer(new ContainerRequest { ContainerId = container }, Bounded);

    public ContainerStatusResponse StatusOf(string container) =>
        _calls.ContainerStatus(new ContainerStatusRequest { ContainerId = container, Verbose = true }, Bounded);

    public void Update(string container, Resources resources) =>
        _calls.UpdateContainerResources(new UpdateRequest { ContainerId = container, Linux = resources }, Bounded);

    public ContainerStats Stats(string container) => _calls.ContainerStats(new ContainerRequest { ContainerId = container }, Bounded).Stats;

    public ExecSyncResponse Exec(string container, params string[] command) => Exec(container, seconds: 30, command);

    public ExecSyncResponse Exec(string container, int seconds, params string[] command) => _calls.ExecSync(
        new ExecSyncRequest { ContainerId = container, Cmd = { command }, Timeout = seconds }, Bounded);

    /// <summary>Where the streams of a new process in a container are.</summary>
    public string ExecUrl(string container, params string[] command) => _calls.Exec(
        new ExecRequest { ContainerId = container, Cmd = { command }, Tty = true, Stdin = true, Stdout = true }, Bounded).Url;

    /// <summary>Where the streams of a container's first process are.</summary>
    public string AttachUrl(string container) => _calls.Attach(
        new AttachRequest { ContainerId = container, Tty = true, Stdin = true, Stdout = true }, Bounded).Url;

    public void Dispose() => _channel.Dispose();

    bool IsInitialized()
    {
        try
        {
            _calls.Status(new StatusRequest(), Bounded);
            return true;
        }
        catch (RpcException failure) when (failure.Status.Detail.Contains("not initialized", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
