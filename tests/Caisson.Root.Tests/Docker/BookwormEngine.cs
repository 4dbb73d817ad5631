namespace Caisson.Root.Tests.Docker;

/// <summary>Docker 20.10, the machine's own.</summary>
public sealed class BookwormEngine() : DockerEngine("bookworm");

/// <summary>The classes that share one.</summary>
[CollectionDefinition]
public sealed class OnBookworm : ICollectionFixture<BookwormEngine>;
