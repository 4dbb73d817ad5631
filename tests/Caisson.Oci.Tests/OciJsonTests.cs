using System.Text;
using System.Text.Json.Nodes;

namespace Caisson.Oci.Tests;

public sealed class OciJsonTests
{
    [Theory]
    [InlineData("docker-28.json")]
    [InlineData("podman-5.json")]
    [InlineData("every-member.json")]
    public void ParseSpec_KeepsEveryMemberItKnows(string file)
    {
        byte[] text = TestData.Read(file);
        JsonNode expected = JsonNode.Parse(text)!;
        expected.AsObject().Remove("windows");
        expected.AsObject().Remove("someFutureMember");

        JsonNode actual = JsonNode.Parse(OciJson.Write(OciJson.ParseSpec(text)))!;

        AssertContains(expected, actual, "");
    }

    [Fact]
    public void ParseSpec_LeavesSeccompRaw()
    {
        byte[] text = TestData.Read("docker-28.json");
        Spec spec = OciJson.ParseSpec(text);

        ReadOnlySpan<byte> raw = spec.Linux!.Seccomp!.Value.Utf8.Span;

        Assert.StartsWith("{\"defaultAction\":\"SCMP_ACT_ERRNO\"", Encoding.UTF8.GetString(raw));
        Assert.True(text.AsSpan().IndexOf(raw) > 0);
    }

    [Fact]
    public void ParseSeccomp_ReadsTheRawProfile()
    {
        Spec spec = OciJson.ParseSpec(TestData.Read("every-member.json"));

        LinuxSeccomp seccomp = OciJson.ParseSeccomp(spec.Linux!.Seccomp!.Value);

        LinuxSyscall rule = Assert.Single(seccomp.Syscalls!);
        Assert.Equal(["getcwd", "chmod"], rule.Names!);
        Assert.Equal(ulong.MaxValue, rule.Args![0].Value);
        Assert.Equal(38u, seccomp.DefaultErrnoRet);
    }

    [Fact]
    public void ParseSeccomp_PointsIntoTheSpec()
    {
        Spec spec = OciJson.ParseSpec("""{"linux":{"seccomp":{"defaultAction":1,"syscalls":[null]}}}"""u8);

        var e = Assert.Throws<SpecException>(() => OciJson.ParseSeccomp(spec.Linux!.Seccomp!.Value));

        Assert.Equal(["/linux/seccomp/defaultAction", "/linux/seccomp/syscalls/0"], e.Problems.Select(p => p.Pointer));
    }

    [Fact]
    public void ParseSpec_TakesEmptyStringsForAbsentOnes_AsGoDoes()
    {
        Spec spec = OciJson.ParseSpec("""{"hostname":"","linux":{"cgroupsPath":"","rootfsPropagation":""}}"""u8);

        Assert.Null(spec.Hostname);
        Assert.Null(spec.Linux!.CgroupsPath);
        Assert.Null(spec.Linux.RootfsPropagation);
        Assert.Equal("", spec.OciVersion);
    }

    [Fact]
    public void ParseSpec_TakesNullMembersForAbsentOnes()
    {
        Spec spec = OciJson.ParseSpec("""{"process":null,"mounts":null,"linux":{"seccomp":null}}"""u8);

        Assert.Null(spec.Process);
        Assert.Null(spec.Linux!.Seccomp);
    }

    [Fact]
    public void ParseSpec_AcceptsDevNull_ThoughItLooksLikeTheLiteral()
    {
        Spec spec = OciJson.ParseSpec("""{"process":{"args":["cat"," null","/dev/null","null"]}}"""u8);

        Assert.Equal("null", spec.Process!.Args![3]);
    }

    [Fact]
    public void ParseResources_AcceptsWhatEnginesWrite()
    {
        LinuxResources resources = OciJson.ParseResources("""
            {"memory":{"limit":-1,"swap":9223372036854775807,"swappiness":18446744073709551615},
             "cpu":{"quota":-1,"shares":18446744073709551615},"pids":{"limit":-1}}
            """u8);

        Assert.Equal(-1, resources.Memory!.Limit);
        Assert.Equal(ulong.MaxValue, resources.Cpu!.Shares);
    }

    [Fact]
    public void Write_ReadsBackTheDefaultSpec()
    {
        byte[] text = OciJson.Write(DefaultSpec.Create());

        Assert.Equal(text, OciJson.Write(OciJson.ParseSpec(text)));
        Assert.StartsWith("{\n\t\"ociVersion\": \"1.2.1\",\n\t\"process\": {\n\t\t\"terminal\": true,",
            Encoding.UTF8.GetString(text));
    }

    [Fact]
    public void Write_PrintsTheListAsRuncDoes()
    {
        var entry = new ContainerListEntry
        {
            OciVersion = "1.2.1",
            Id = "c1",
            Pid = 7,
            Status = "running",
            Bundle = "/b+ü",
            Rootfs = "/b/rootfs",
            Created = "2026-01-02T03:04:05Z",
            Owner = "root",
        };

        const string Line = """
            [{"ociVersion":"1.2.1","id":"c1","pid":7,"status":"running",
             "bundle":"/b+ü","rootfs":"/b/rootfs",
             "created":"2026-01-02T03:04:05Z","owner":"root"}]
            """;
        Assert.Equal(OneLine(Line), Encoding.UTF8.GetString(OciJson.Write([entry])));
    }

    [Fact]
    public void Write_PrintsStatsAsRuncDoes()
    {
        var stats = new RuntimeEvent
        {
            Type = "stats",
            Id = "c1",
            Data = new ContainerStats
            {
                Cpu = new CpuStats { Usage = new CpuUsage { Total = 3, Kernel = 1, User = 2 } },
                Memory = new MemoryStats { Usage = new MemoryEntry { Limit = 9, Usage = 4 } },
                Pids = new PidsStats { Current = 1 },
                Blkio = new BlkioStats
                {
                    IoServiceBytesRecursive = [new BlkioEntry { Major = 8, Op = "Read", Value = 1 }],
                },
                NetworkInterfaces = [new NetworkInterfaceStats { Name = "eth0", RxBytes = 5 }],
            },
        };

        const string Line = """
            {"type":"stats","id":"c1","data":{"cpu":{"usage":{"total":3,"kernel":1,"user":2},"throttling":{}},
             "cpuset":{"cpu_exclusive":0,"mem_hardwall":0,"mem_exclusive":0,
             "memory_migrate":0,"memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,
             "sched_load_balance":0,"sched_relax_domain_level":0},
             "memory":{"usage":{"limit":9,"usage":4,"failcnt":0},"swap":{"limit":0,"failcnt":0},
             "kernel":{"limit":0,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0}},"pids":{"current":1},
             "blkio":{"ioServiceBytesRecursive":[{"major":8,"op":"Read","value":1}]},
             "hugetlb":{},"intel_rdt":{},"network_interfaces":[{"Name":"eth0","RxBytes":5,"RxPackets":0,"RxErrors":0,
             "RxDropped":0,"TxBytes":0,"TxPackets":0,"TxErrors":0,"TxDropped":0}]}}
            """;
        Assert.Equal(OneLine(Line), Encoding.UTF8.GetString(OciJson.Write(stats)));
    }

    [Fact]
    public void Write_PrintsFeaturesWithTheNamesOfTheSpec()
    {
        var features = new Features
        {
            OciVersionMin = "1.0.0",
            Linux = new LinuxFeatures
            {
                MountExtensions = new MountExtensionFeatures { IdMap = new SwitchFeature(true) },
                Cgroup = new CgroupFeatures { SystemdUser = false },
            },
        };

        JsonNode node = JsonNode.Parse(OciJson.Write(features))!;

        Assert.True((bool)node["linux"]!["mountExtensions"]!["idmap"]!["enabled"]!);
        Assert.False((bool)node["linux"]!["cgroup"]!["systemdUser"]!);
    }

    static string OneLine(string text) => string.Concat(text.Split('\n').Select(line => line.Trim()));

    static void AssertContains(JsonNode? expected, JsonNode? actual, string at)
    {
        if (expected is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members)
            {
                AssertContains(value, actual?[name], $"{at}/{name}");
            }
        }
        else
        {
            bool isSame = expected is JsonArray list ? Same(list, actual, at) : JsonNode.DeepEquals(expected, actual);
            Assert.True(isSame, at);
        }
    }

    static bool Same(JsonArray expected, JsonNode? actual, string at)
    {
        Assert.Equal(expected.Count, actual!.AsArray().Count);
        for (int i = 0; i < expected.Count; i++)
        {
            AssertContains(expected[i], actual[i], $"{at}/{i}");
        }

        return true;
    }
}
