namespace Caisson.Root.Tests.Docker;

/// <summary>Today's Docker that keeps images and layers in containerd's stores instead of its own.</summary>
public sealed class ContainerdStoreEngine() : DockerEngine("sid", "--containerd-store");

/// <summary>The classes that share one.</summary>
[CollectionDefinition]
public sealed class OnContainerdStore : ICollectionFixture<ContainerdStoreEngine>;
