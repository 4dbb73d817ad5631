using System.Reflection;

namespace Caisson.Oci.Tests;

public sealed class SpecValidatorTests
{
    static readonly Linux Private = DefaultSpec.Create().Linux!;

    [Theory]
    [InlineData("docker-28.json")]
    [InlineData("podman-5.json")]
    [InlineData("every-member.json")]
    public void Validate_FindsNothing_InWhatEnginesWrite(string file)
    {
        Spec spec = OciJson.ParseSpec(TestData.Read(file));

        Assert.DoesNotContain(SpecValidator.Validate(spec), problem => problem.Message != "SELinux labels are not applied");
        if (spec.Linux!.Seccomp is { } seccomp)
        {
            Assert.Empty(SpecValidator.Validate(OciJson.ParseSeccomp(seccomp)));
        }
    }

    [Fact]
    public void Validate_Warns_OfWhatIsNotDone() => Assert.Equal(
        [("/process/selinuxLabel", Severity.Warning), ("/linux/mountLabel", Severity.Warning)],
        SpecValidator.Validate(OciJson.ParseSpec(TestData.Read("every-member.json"))).Select(problem => (problem.Pointer, problem.Severity)));

    [Fact]
    public void Validate_FindsNothing_InTheDefaultSpec() => Assert.Empty(SpecValidator.Validate(DefaultSpec.Create()));

    [Fact]
    public void Validate_ReportsAllProblemsAtOnce()
    {
        Spec spec = OciJson.ParseSpec(TestData.Read("hostile.json"));

        TestData.AssertGolden("hostile.txt", SpecValidator.Validate(spec));
    }

    [Fact]
    public void Validate_AsksForProcessAndRoot_WhenTheSpecIsEmpty() =>
        Assert.Equal(["/ociVersion", "/process", "/root/path"], Pointers(new Spec()));

    [Theory]
    [InlineData("1.0.2-dev", null)]
    [InlineData("1.3.0+dev", null)]
    [InlineData("0.6.0", null)]
    [InlineData("latest", Severity.Warning)]
    [InlineData("", Severity.Warning)]
    [InlineData("2.0.0", Severity.Error)]
    public void Validate_RefusesVersionsOfAnotherMajor(string version, Severity? severity)
    {
        Problem? problem = SpecValidator.Validate(DefaultSpec.Create() with { OciVersion = version }).SingleOrDefault();

        Assert.Equal(severity, problem?.Severity);
    }

    [Fact]
    public void Validate_FindsNulInEveryString()
    {
        foreach (string text in EveryStringOf(TestData.Read("every-member.json")))
        {
            Spec spec = OciJson.ParseSpec(System.Text.Encoding.UTF8.GetBytes(text));

            Assert.True(SpecValidator.Validate(spec).Count > 0, text);
        }
    }

    [Fact]
    public void Validate_WantsMappings_ForANewUserNamespace() =>
        Assert.Equal(["/linux/uidMappings", "/linux/gidMappings"],
            Pointers(Private with { Namespaces = [.. Private.Namespaces!, new LinuxNamespace { Type = "user" }] }));

    [Fact]
    public void Validate_OnlyWarnsOfMappings_WhenTheUserNamespaceIsJoined()
    {
        LinuxIdMapping[] mappings = [new LinuxIdMapping(0, 1000, 1)];
        Linux linux = Private with
        {
            Namespaces = [.. Private.Namespaces!, new LinuxNamespace { Type = "user", Path = "/proc/1/ns/user" }],
            UidMappings = mappings,
            GidMappings = mappings,
        };

        Problem problem = Assert.Single(SpecValidator.Validate(DefaultSpec.Create() with { Linux = linux }));
        Assert.Equal(Severity.Warning, problem.Severity);
    }

    [Fact]
    public void Validate_RefusesMoreMappingsThanTheKernelTakes_WithoutComparingThem()
    {
        var mappings = new LinuxIdMapping[1_000_000];
        Array.Fill(mappings, new LinuxIdMapping(0, 0, 1));

        Assert.Contains("/linux/uidMappings", Pointers(Private with { UidMappings = mappings }));
    }

    [Fact]
    public void ValidateProcess_PointsIntoTheProcess() =>
        Assert.Equal(["/args", "/cwd"], SpecValidator.Validate(new ProcessSpec()).Select(p => p.Pointer));

    [Fact]
    public void ValidateResources_PointsIntoTheResources()
    {
        var resources = new LinuxResources { Unified = new Dictionary<string, string> { ["a/b.c"] = "1" } };

        Assert.Equal(["/unified/a~1b.c"], SpecValidator.Validate(resources).Select(p => p.Pointer));
    }

    [Fact]
    public void ValidateSeccomp_ChecksNamesAndTheListener()
    {
        var seccomp = new LinuxSeccomp
        {
            DefaultAction = "SCMP_ACT_NOTIFY",
            Architectures = ["SCMP_ARCH_X86_64", "amd64"],
            Flags = ["LOG"],
            Syscalls =
            [
                new LinuxSyscall { Names = ["read", "write"], Action = "SCMP_ACT_NOTIFY" },
                new LinuxSyscall { Action = "ALLOW", Args = [new LinuxSeccompArg { Index = 6, Op = "EQ" }] },
            ],
        };

        TestData.AssertGolden("seccomp.txt", SpecValidator.Validate(seccomp));
    }

    [Fact]
    public void Tables_HoldNoNameTwice()
    {
        foreach (FieldInfo field in typeof(SpecValidator).GetFields(BindingFlags.NonPublic | BindingFlags.Static))
        {
            if (field.GetValue(null) is string[] names)
            {
                Assert.Equal(names.Distinct(), names);
            }
        }
    }

    static IEnumerable<string> Pointers(Spec spec) => SpecValidator.Validate(spec).Select(p => p.Pointer);

    static IEnumerable<string> Pointers(Linux linux) => Pointers(DefaultSpec.Create() with { Linux = linux });

    // The document with one string value after another ending in NUL; the profile has its own test.
    static IEnumerable<string> EveryStringOf(byte[] utf8)
    {
        string text = System.Text.Encoding.UTF8.GetString(utf8);
        int seccomp = text.IndexOf("\"seccomp\"", StringComparison.Ordinal);
        int afterSeccomp = text.IndexOf("\"rootfsPropagation\"", StringComparison.Ordinal);
        int end = text.IndexOf("\"windows\"", StringComparison.Ordinal);
        for (int quote = NextClosing(text, 0); quote < end; quote = NextClosing(text, quote + 1))
        {
            bool isName = text[quote + 1] == ':';
            if (!isName && (quote < seccomp || quote > afterSeccomp))
            {
                yield return text.Insert(quote, "\\u0000");
            }
        }
    }

    static int NextClosing(string text, int from)
    {
        int open = from == 0 ? text.IndexOf('"') : text.IndexOf('"', from);
        return text.IndexOf('"', open + 1);
    }
}
