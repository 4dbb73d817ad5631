using static Caisson.Oci.Shape;

namespace Caisson.Oci;

// What the records accept, as data: the serializer stops at the first member of a wrong kind and says little about
// it. A test compares this table with the records, member by member. Order matters: initializers run from the top.
static partial class SpecShape
{
    static readonly Shape Int32 = Number(int.MinValue, int.MaxValue);
    static readonly Shape Int64 = Number(long.MinValue, long.MaxValue);
    static readonly Shape UInt16 = Number(0, ushort.MaxValue);
    static readonly Shape UInt32 = Number(0, uint.MaxValue);
    static readonly Shape UInt64 = Number(0, ulong.MaxValue);
    static readonly Shape Texts = List(Text);

    static readonly Shape IdMappings = List(Object(
        ("containerID", UInt32), ("hostID", UInt32), ("size", UInt32)));

    static readonly Shape Process = Object(
        ("terminal", Flag),
        ("consoleSize", Object(("height", UInt32), ("width", UInt32))),
        ("user", Object(
            ("uid", UInt32), ("gid", UInt32), ("umask", UInt32.OrNull()), ("additionalGids", List(UInt32)))),
        ("args", Texts),
        ("env", Texts),
        ("cwd", Text),
        ("capabilities", Object(
            ("bounding", Texts), ("effective", Texts), ("inheritable", Texts), ("permitted", Texts),
            ("ambient", Texts))),
        ("rlimits", List(Object(("type", Text), ("hard", UInt64), ("soft", UInt64)))),
        ("noNewPrivileges", Flag),
        ("apparmorProfile", Text),
        ("selinuxLabel", Text),
        ("oomScoreAdj", Int32.OrNull()),
        ("scheduler", Object(
            ("policy", Text), ("nice", Int32), ("priority", Int32), ("flags", Texts),
            ("runtime", UInt64), ("deadline", UInt64), ("period", UInt64))),
        ("ioPriority", Object(("class", Text), ("priority", Int32))),
        ("execCPUAffinity", Object(("initial", Text), ("final", Text))));

    static readonly Shape ThrottleDevices = List(Object(("major", Int64), ("minor", Int64), ("rate", UInt64)));

    static readonly Shape Resources = Object(
        ("devices", List(Object(
            ("allow", Flag), ("type", Text), ("major", Int64.OrNull()), ("minor", Int64.OrNull()),
            ("access", Text)))),
        ("memory", Object(
            ("limit", Int64.OrNull()), ("reservation", Int64.OrNull()), ("swap", Int64.OrNull()),
            ("kernel", Int64.OrNull()), ("kernelTCP", Int64.OrNull()), ("swappiness", UInt64.OrNull()),
            ("disableOOMKiller", Flag.OrNull()), ("useHierarchy", Flag.OrNull()),
            ("checkBeforeUpdate", Flag.OrNull()))),
        ("cpu", Object(
            ("shares", UInt64.OrNull()), ("quota", Int64.OrNull()), ("burst", UInt64.OrNull()),
            ("period", UInt64.OrNull()), ("realtimeRuntime", Int64.OrNull()), ("realtimePeriod", UInt64.OrNull()),
            ("cpus", Text), ("mems", Text), ("idle", Int64.OrNull()))),
        ("pids", Object(("limit", Int64.OrNull()))),
        ("blockIO", Object(
            ("weight", UInt16.OrNull()),
            ("leafWeight", UInt16.OrNull()),
            ("weightDevice", List(Object(
                ("major", Int64), ("minor", Int64), ("weight", UInt16.OrNull()), ("leafWeight", UInt16.OrNull())))),
            ("throttleReadBpsDevice", ThrottleDevices),
            ("throttleWriteBpsDevice", ThrottleDevices),
            ("throttleReadIOPSDevice", ThrottleDevices),
            ("throttleWriteIOPSDevice", ThrottleDevices))),
        ("hugepageLimits", List(Object(("pageSize", Text), ("limit", UInt64)))),
        ("network", Object(
            ("classID", UInt32.OrNull()),
            ("priorities", List(Object(("name", Text), ("priority", UInt32)))))),
        ("rdma", Map(Object(("hcaHandles", UInt32.OrNull()), ("hcaObjects", UInt32.OrNull())))),
        ("unified", Map(Text)));

    static readonly Shape HookList = List(Object(
        ("path", Text), ("args", Texts), ("env", Texts), ("timeout", Int32.OrNull())));

    static readonly Shape LinuxPart = Object(
        ("uidMappings", IdMappings),
        ("gidMappings", IdMappings),
        ("sysctl", Map(Text)),
        ("resources", Resources),
        ("cgroupsPath", Text),
        ("namespaces", List(Object(("type", Text), ("path", Text)))),
        ("devices", List(Object(
            ("path", Text), ("type", Text), ("major", Int64), ("minor", Int64), ("fileMode", UInt32.OrNull()),
            ("uid", UInt32.OrNull()), ("gid", UInt32.OrNull())))),
        ("netDevices", Map(Object(("name", Text)))),
        ("seccomp", Any),
        ("rootfsPropagation", Text),
        ("maskedPaths", Texts),
        ("readonlyPaths", Texts),
        ("mountLabel", Text),
        ("intelRdt", Object(
            ("closID", Text), ("schemata", Texts), ("l3CacheSchema", Text), ("memBwSchema", Text),
            ("enableMonitoring", Flag))),
        ("memoryPolicy", Object(("mode", Text), ("nodes", Text), ("flags", Texts))),
        ("personality", Object(("domain", Text), ("flags", Texts))),
        ("timeOffsets", Map(Object(("secs", Int64), ("nanosecs", UInt32)))));

    static readonly Shape Config = Object(
        ("ociVersion", Text),
        ("process", Process),
        ("root", Object(("path", Text), ("readonly", Flag))),
        ("hostname", Text),
        ("domainname", Text),
        ("mounts", List(Object(
            ("destination", Text), ("type", Text), ("source", Text), ("options", Texts),
            ("uidMappings", IdMappings), ("gidMappings", IdMappings)))),
        ("hooks", Object(
            ("prestart", HookList), ("createRuntime", HookList), ("createContainer", HookList),
            ("startContainer", HookList), ("poststart", HookList), ("poststop", HookList))),
        ("annotations", Map(Text)),
        ("linux", LinuxPart));

    static readonly Shape Seccomp = Object(
        ("defaultAction", Text),
        ("defaultErrnoRet", UInt32.OrNull()),
        ("architectures", Texts),
        ("flags", Texts),
        ("listenerPath", Text),
        ("listenerMetadata", Text),
        ("syscalls", List(Object(
            ("names", Texts), ("action", Text), ("errnoRet", UInt32.OrNull()),
            ("args", List(Object(("index", UInt32), ("value", UInt64), ("valueTwo", UInt64), ("op", Text))))))));

    static readonly Shape State = Object(
        ("ociVersion", Text), ("id", Text), ("status", Text), ("pid", Int32.OrNull()), ("bundle", Text),
        ("annotations", Map(Text)));

    /// <summary>The table of one document.</summary>
    public static Shape Of(OciDocument document) => document switch
    {
        OciDocument.Process => Process,
        OciDocument.Resources => Resources,
        OciDocument.Seccomp => Seccomp,
        OciDocument.State => State,
        _ => Config,
    };
}
