namespace Caisson.Root.Tests.Docker;

/// <summary>Today's Docker.</summary>
public sealed class SidEngine() : DockerEngine("sid");

/// <summary>The classes that share one.</summary>
[CollectionDefinition]
public sealed class OnSid : ICollectionFixture<SidEngine>;
