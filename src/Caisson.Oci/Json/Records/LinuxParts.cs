namespace Caisson.Oci;

public sealed partial record LinuxNetDevice : IReadable<LinuxNetDevice>, IWritable
{
    public LinuxNetDevice() { }

    LinuxNetDevice(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "name": Name = json.TextOrNull(); break;
            }
        }
    }

    static LinuxNetDevice IReadable<LinuxNetDevice>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("name"u8, Name);
    }
}

public sealed partial record LinuxIntelRdt : IReadable<LinuxIntelRdt>, IWritable
{
    public LinuxIntelRdt() { }

    LinuxIntelRdt(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "closID": ClosId = json.TextOrNull(); break;
                case "schemata": Schemata = json.Texts(); break;
                case "l3CacheSchema": L3CacheSchema = json.TextOrNull(); break;
                case "memBwSchema": MemBwSchema = json.TextOrNull(); break;
                case "enableMonitoring": EnableMonitoring = json.Flag(); break;
            }
        }
    }

    static LinuxIntelRdt IReadable<LinuxIntelRdt>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("closID"u8, ClosId);
        json.Texts("schemata"u8, Schemata);
        json.Text("l3CacheSchema"u8, L3CacheSchema);
        json.Text("memBwSchema"u8, MemBwSchema);
        json.Flag("enableMonitoring"u8, EnableMonitoring);
    }
}

public sealed partial record TimeOffset : IReadable<TimeOffset>, IWritable
{
    TimeOffset(ref OciReader json) : this(0, 0)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "secs": Secs = json.Int64(); break;
                case "nanosecs": Nanosecs = json.UInt32(); break;
            }
        }
    }

    static TimeOffset IReadable<TimeOffset>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("secs"u8, Secs);
        json.Number("nanosecs"u8, Nanosecs);
    }
}
