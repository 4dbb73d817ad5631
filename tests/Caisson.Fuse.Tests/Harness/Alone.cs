namespace Caisson.Fuse.Tests.Harness;

/// <summary>For tests that measure the whole process's memory: no others run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
