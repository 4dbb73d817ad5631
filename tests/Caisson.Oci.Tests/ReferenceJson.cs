using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Caisson.Oci.Tests;

/// <summary>
/// The judge: the framework's serializer over the properties of the records, told nothing but the names that are not
/// the property's in camel case and which members Go's omitempty leaves out. It shares no code with the readers and
/// writers.
/// </summary>
static class ReferenceJson
{
    static readonly Dictionary<string, string> Names = new()
    {
        ["LinuxIdMapping.ContainerId"] = "containerID",
        ["LinuxIdMapping.HostId"] = "hostID",
        ["LinuxIntelRdt.ClosId"] = "closID",
        ["ProcessSpec.ExecCpuAffinity"] = "execCPUAffinity",
        ["LinuxMemory.KernelTcp"] = "kernelTCP",
        ["LinuxMemory.DisableOomKiller"] = "disableOOMKiller",
        ["LinuxResources.BlockIo"] = "blockIO",
        ["LinuxBlockIo.ThrottleReadIopsDevice"] = "throttleReadIOPSDevice",
        ["LinuxBlockIo.ThrottleWriteIopsDevice"] = "throttleWriteIOPSDevice",
        ["LinuxNetwork.ClassId"] = "classID",
        ["MountExtensionFeatures.IdMap"] = "idmap",
        ["BlkioStats.IoQueuedRecursive"] = "ioQueueRecursive",
        ["ContainerStats.IntelRdt"] = "intel_rdt",
        ["ContainerStats.NetworkInterfaces"] = "network_interfaces",
        ["CpuUsage.PercpuKernel"] = "percpu_kernel",
        ["CpuUsage.PercpuUser"] = "percpu_user",
        ["IntelRdtStats.L3Cache"] = "l3_cache_info",
        ["IntelRdtStats.MemoryBandwidth"] = "mem_bw_info",
        ["MbmNodeStats.TotalBytes"] = "mbm_total_bytes",
        ["MbmNodeStats.LocalBytes"] = "mbm_local_bytes",
        ["MemoryStats.KernelTcp"] = "kernelTCP",
    };

    static readonly HashSet<Type> SnakeCase =
        [typeof(CpusetStats), typeof(IntelRdtStats), typeof(L3Cache), typeof(MemoryBandwidth), typeof(CmtNodeStats)];

    static readonly HashSet<string> OmittedWhenZero =
    [
        "BlkioEntry.Major", "BlkioEntry.Minor", "BlkioEntry.Value", "CpuThrottling.Periods",
        "CpuThrottling.ThrottledPeriods", "CpuThrottling.ThrottledTime", "CpuUsage.Total", "HugetlbStats.Usage",
        "HugetlbStats.Max", "L3Cache.MinCbmBits", "L3Cache.NumClosids", "MemoryBandwidth.BandwidthGran",
        "MemoryBandwidth.DelayLinear", "MemoryBandwidth.MinBandwidth", "MemoryBandwidth.NumClosids",
        "MemoryEntry.Usage", "MemoryEntry.Max", "MemoryStats.Cache", "PidsStats.Current", "PidsStats.Limit",
    ];

    /// <summary>The encoder of the writers, and nothing else.</summary>
    public static JsonSerializerOptions Plain { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new RawConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Adapt } },
    };

    public static string NameOf(PropertyInfo property)
    {
        Type type = property.DeclaringType!;
        return Names.TryGetValue(Key(property), out string? name) ? name
            : SnakeCase.Contains(type) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)
            : type == typeof(NetworkInterfaceStats) ? property.Name
            : JsonNamingPolicy.CamelCase.ConvertName(property.Name);
    }

    /// <summary>On one line.</summary>
    public static string Write(object record) => JsonSerializer.Serialize(record, record.GetType(), Options);

    public static object Read(string text, OciDocument document) =>
        JsonSerializer.Deserialize(text, TypeOf(document), Options)!;

    public static object Parse(ReadOnlySpan<byte> utf8, OciDocument document) => document switch
    {
        OciDocument.Process => OciJson.ParseProcess(utf8),
        OciDocument.Resources => OciJson.ParseResources(utf8),
        OciDocument.Seccomp => OciJson.ParseSeccomp(utf8),
        OciDocument.State => OciJson.ParseState(utf8),
        _ => OciJson.ParseSpec(utf8),
    };

    static Type TypeOf(OciDocument document) => document switch
    {
        OciDocument.Process => typeof(ProcessSpec),
        OciDocument.Resources => typeof(LinuxResources),
        OciDocument.Seccomp => typeof(LinuxSeccomp),
        OciDocument.State => typeof(OciState),
        _ => typeof(Spec),
    };

    static string Key(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";

    static void Adapt(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo member in type.Properties)
        {
            if (member.AttributeProvider is not PropertyInfo property)
            {
                continue;
            }

            member.Name = NameOf(property);
            bool mayBeZero = !OmittedWhenZero.Contains(Key(property));
            bool mayBeNull = member.Name == "network_interfaces";
            // What stands for an absent string in the records that have no null for it.
            bool isText = property.PropertyType == typeof(string) && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull;
            if (isText && member.Set is { } set)
            {
                member.Set = (record, value) => set(record, value ?? "");
            }

            member.ShouldSerialize = (_, value) => (value is not null || mayBeNull) && (mayBeZero || value is not 0ul);
        }
    }

    sealed class RawConverter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(Encoding.UTF8.GetBytes(JsonElement.ParseValue(ref reader).GetRawText()));

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Utf8.Span);
    }
}
