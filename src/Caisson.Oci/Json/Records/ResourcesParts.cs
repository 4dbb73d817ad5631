namespace Caisson.Oci;

public sealed partial record LinuxHugepageLimit : IReadable<LinuxHugepageLimit>, IWritable
{
    public LinuxHugepageLimit() { }

    LinuxHugepageLimit(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "pageSize": PageSize = json.Text(); break;
                case "limit": Limit = json.UInt64(); break;
            }
        }
    }

    static LinuxHugepageLimit IReadable<LinuxHugepageLimit>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("pageSize"u8, PageSize);
        json.Number("limit"u8, Limit);
    }
}

public sealed partial record LinuxNetwork : IReadable<LinuxNetwork>, IWritable
{
    public LinuxNetwork() { }

    LinuxNetwork(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "classID": ClassId = json.UInt32OrNull(); break;
                case "priorities": Priorities = json.List<LinuxInterfacePriority>(); break;
            }
        }
    }

    static LinuxNetwork IReadable<LinuxNetwork>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("classID"u8, ClassId);
        json.List("priorities"u8, Priorities);
    }
}

public sealed partial record LinuxInterfacePriority : IReadable<LinuxInterfacePriority>, IWritable
{
    public LinuxInterfacePriority() { }

    LinuxInterfacePriority(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "name": Name = json.Text(); break;
                case "priority": Priority = json.UInt32(); break;
            }
        }
    }

    static LinuxInterfacePriority IReadable<LinuxInterfacePriority>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("name"u8, Name);
        json.Number("priority"u8, Priority);
    }
}

public sealed partial record LinuxRdma : IReadable<LinuxRdma>, IWritable
{
    public LinuxRdma() { }

    LinuxRdma(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "hcaHandles": HcaHandles = json.UInt32OrNull(); break;
                case "hcaObjects": HcaObjects = json.UInt32OrNull(); break;
            }
        }
    }

    static LinuxRdma IReadable<LinuxRdma>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("hcaHandles"u8, HcaHandles);
        json.Number("hcaObjects"u8, HcaObjects);
    }
}
