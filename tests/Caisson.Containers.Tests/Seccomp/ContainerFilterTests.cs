using System.Text;
using Caisson.Containers.Seccomp;
using Caisson.Kernel.Seccomp;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Seccomp;

public sealed class ContainerFilterTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("caisson-filter-").FullName;
    readonly FilterCache _cache;

    public ContainerFilterTests() => _cache = new FilterCache(_directory);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Prepare_GivesTheSameFilterFromTheCache()
    {
        RawJson profile = new(Profiles.Bytes(Profiles.Docker28));
        SeccompFilter plain = ContainerFilter.Prepare(profile, Isolation.Plain, _cache)!;
        SeccompFilter system = ContainerFilter.Prepare(profile, Isolation.System, _cache)!;
        SeccompFilter again = ContainerFilter.Prepare(profile, Isolation.System, _cache)!;

        Assert.NotEqual(plain.Instructions, system.Instructions);
        Assert.Equal(system.Instructions, again.Instructions);
        Assert.Equal(system.Flags, again.Flags);
        Assert.Equal(2, Directory.GetFiles(_directory).Length);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    public void Prepare_GivesNoFilterWhereNoneIsWanted(string json) =>
        Assert.Null(ContainerFilter.Prepare(Given(json), Isolation.System, _cache));

    [Fact]
    public void Prepare_GivesNoFilterWithoutAProfile() => Assert.Null(ContainerFilter.Prepare(null, Isolation.System, _cache));

    [Fact]
    public void Prepare_NamesEveryProblemOfAProfile()
    {
        const string json = """{"defaultAction": "SCMP_ACT_WHAT", "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_NO"}]}""";

        SpecException error = Assert.Throws<SpecException>(
            () => ContainerFilter.Prepare(Given(json), Isolation.Plain, _cache));
        Assert.Equal(2, error.Problems.Count);
    }

    static RawJson? Given(string profile) =>
        OciJson.ParseSpec(Encoding.UTF8.GetBytes("{\"linux\":{\"seccomp\":" + profile + "}}")).Linux!.Seccomp;
}
