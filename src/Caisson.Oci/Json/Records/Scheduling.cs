namespace Caisson.Oci;

public sealed partial record Scheduler : IReadable<Scheduler>, IWritable
{
    public Scheduler() { }

    Scheduler(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "policy": Policy = json.Text(); break;
                case "nice": Nice = json.Int32(); break;
                case "priority": Priority = json.Int32(); break;
                case "flags": Flags = json.Texts(); break;
                case "runtime": Runtime = json.UInt64(); break;
                case "deadline": Deadline = json.UInt64(); break;
                case "period": Period = json.UInt64(); break;
            }
        }
    }

    static Scheduler IReadable<Scheduler>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("policy"u8, Policy);
        json.Number("nice"u8, Nice);
        json.Number("priority"u8, Priority);
        json.Texts("flags"u8, Flags);
        json.Number("runtime"u8, Runtime);
        json.Number("deadline"u8, Deadline);
        json.Number("period"u8, Period);
    }
}

public sealed partial record IOPriority : IReadable<IOPriority>, IWritable
{
    public IOPriority() { }

    IOPriority(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "class": Class = json.Text(); break;
                case "priority": Priority = json.Int32(); break;
            }
        }
    }

    static IOPriority IReadable<IOPriority>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("class"u8, Class);
        json.Number("priority"u8, Priority);
    }
}

public sealed partial record ExecCpuAffinity : IReadable<ExecCpuAffinity>, IWritable
{
    public ExecCpuAffinity() { }

    ExecCpuAffinity(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "initial": Initial = json.TextOrNull(); break;
                case "final": Final = json.TextOrNull(); break;
            }
        }
    }

    static ExecCpuAffinity IReadable<ExecCpuAffinity>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("initial"u8, Initial);
        json.Text("final"u8, Final);
    }
}

public sealed partial record LinuxMemoryPolicy : IReadable<LinuxMemoryPolicy>, IWritable
{
    public LinuxMemoryPolicy() { }

    LinuxMemoryPolicy(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "mode": Mode = json.Text(); break;
                case "nodes": Nodes = json.TextOrNull(); break;
                case "flags": Flags = json.Texts(); break;
            }
        }
    }

    static LinuxMemoryPolicy IReadable<LinuxMemoryPolicy>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("mode"u8, Mode);
        json.Text("nodes"u8, Nodes);
        json.Texts("flags"u8, Flags);
    }
}

public sealed partial record Personality : IReadable<Personality>, IWritable
{
    public Personality() { }

    Personality(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "domain": Domain = json.Text(); break;
                case "flags": Flags = json.Texts(); break;
            }
        }
    }

    static Personality IReadable<Personality>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("domain"u8, Domain);
        json.Texts("flags"u8, Flags);
    }
}
