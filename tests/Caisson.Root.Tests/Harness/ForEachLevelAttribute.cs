using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Caisson.Root.Tests.Harness;

/// <summary>A theory's only argument: "plain", then "system".</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ForEachLevelAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<string>("plain"), new TheoryDataRow<string>("system")]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
