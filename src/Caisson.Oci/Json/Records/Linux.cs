namespace Caisson.Oci;

public sealed partial record Linux : IReadable<Linux>, IWritable
{
    public Linux() { }

    Linux(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "uidMappings": UidMappings = json.List<LinuxIdMapping>(); break;
                case "gidMappings": GidMappings = json.List<LinuxIdMapping>(); break;
                case "sysctl": Sysctl = json.TextMap(); break;
                case "resources": Resources = json.Object<LinuxResources>(); break;
                case "cgroupsPath": CgroupsPath = json.TextOrNull(); break;
                case "namespaces": Namespaces = json.List<LinuxNamespace>(); break;
                case "devices": Devices = json.List<LinuxDevice>(); break;
                case "netDevices": NetDevices = json.Map<LinuxNetDevice>(); break;
                case "seccomp": Seccomp = json.Raw(); break;
                case "rootfsPropagation": RootfsPropagation = json.TextOrNull(); break;
                case "maskedPaths": MaskedPaths = json.Texts(); break;
                case "readonlyPaths": ReadonlyPaths = json.Texts(); break;
                case "mountLabel": MountLabel = json.TextOrNull(); break;
                case "intelRdt": IntelRdt = json.Object<LinuxIntelRdt>(); break;
                case "memoryPolicy": MemoryPolicy = json.Object<LinuxMemoryPolicy>(); break;
                case "personality": Personality = json.Object<Personality>(); break;
                case "timeOffsets": TimeOffsets = json.Map<TimeOffset>(); break;
            }
        }
    }

    static Linux IReadable<Linux>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.List("uidMappings"u8, UidMappings);
        json.List("gidMappings"u8, GidMappings);
        json.TextMap("sysctl"u8, Sysctl);
        json.Object("resources"u8, Resources);
        json.Text("cgroupsPath"u8, CgroupsPath);
        json.List("namespaces"u8, Namespaces);
        json.List("devices"u8, Devices);
        json.Map("netDevices"u8, NetDevices);
        json.Raw("seccomp"u8, Seccomp);
        json.Text("rootfsPropagation"u8, RootfsPropagation);
        json.Texts("maskedPaths"u8, MaskedPaths);
        json.Texts("readonlyPaths"u8, ReadonlyPaths);
        json.Text("mountLabel"u8, MountLabel);
        json.Object("intelRdt"u8, IntelRdt);
        json.Object("memoryPolicy"u8, MemoryPolicy);
        json.Object("personality"u8, Personality);
        json.Map("timeOffsets"u8, TimeOffsets);
    }
}

public sealed partial record LinuxNamespace : IReadable<LinuxNamespace>, IWritable
{
    public LinuxNamespace() { }

    LinuxNamespace(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "type": Type = json.Text(); break;
                case "path": Path = json.TextOrNull(); break;
            }
        }
    }

    static LinuxNamespace IReadable<LinuxNamespace>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("type"u8, Type);
        json.Text("path"u8, Path);
    }
}

public sealed partial record LinuxIdMapping : IReadable<LinuxIdMapping>, IWritable
{
    LinuxIdMapping(ref OciReader json) : this(0, 0, 0)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "containerID": ContainerId = json.UInt32(); break;
                case "hostID": HostId = json.UInt32(); break;
                case "size": Size = json.UInt32(); break;
            }
        }
    }

    static LinuxIdMapping IReadable<LinuxIdMapping>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("containerID"u8, ContainerId);
        json.Number("hostID"u8, HostId);
        json.Number("size"u8, Size);
    }
}

public sealed partial record LinuxDevice : IReadable<LinuxDevice>, IWritable
{
    public LinuxDevice() { }

    LinuxDevice(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "path": Path = json.Text(); break;
                case "type": Type = json.Text(); break;
                case "major": Major = json.Int64(); break;
                case "minor": Minor = json.Int64(); break;
                case "fileMode": FileMode = json.UInt32OrNull(); break;
                case "uid": Uid = json.UInt32OrNull(); break;
                case "gid": Gid = json.UInt32OrNull(); break;
            }
        }
    }

    static LinuxDevice IReadable<LinuxDevice>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("path"u8, Path);
        json.Text("type"u8, Type);
        json.Number("major"u8, Major);
        json.Number("minor"u8, Minor);
        json.Number("fileMode"u8, FileMode);
        json.Number("uid"u8, Uid);
        json.Number("gid"u8, Gid);
    }
}
