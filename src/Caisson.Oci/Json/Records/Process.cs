namespace Caisson.Oci;

public sealed partial record ProcessSpec : IReadable<ProcessSpec>, IWritable
{
    public ProcessSpec() { }

    ProcessSpec(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "terminal": Terminal = json.Flag(); break;
                case "consoleSize": ConsoleSize = json.Object<ConsoleSize>(); break;
                case "user": User = json.Object<User>(); break;
                case "args": Args = json.Texts(); break;
                case "env": Env = json.Texts(); break;
                case "cwd": Cwd = json.Text(); break;
                case "capabilities": Capabilities = json.Object<LinuxCapabilities>(); break;
                case "rlimits": Rlimits = json.List<PosixRlimit>(); break;
                case "noNewPrivileges": NoNewPrivileges = json.Flag(); break;
                case "apparmorProfile": ApparmorProfile = json.TextOrNull(); break;
                case "selinuxLabel": SelinuxLabel = json.TextOrNull(); break;
                case "oomScoreAdj": OomScoreAdj = json.Int32OrNull(); break;
                case "scheduler": Scheduler = json.Object<Scheduler>(); break;
                case "ioPriority": IoPriority = json.Object<IOPriority>(); break;
                case "execCPUAffinity": ExecCpuAffinity = json.Object<ExecCpuAffinity>(); break;
            }
        }
    }

    static ProcessSpec IReadable<ProcessSpec>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Flag("terminal"u8, Terminal);
        json.Object("consoleSize"u8, ConsoleSize);
        json.Object("user"u8, User);
        json.Texts("args"u8, Args);
        json.Texts("env"u8, Env);
        json.Text("cwd"u8, Cwd);
        json.Object("capabilities"u8, Capabilities);
        json.List("rlimits"u8, Rlimits);
        json.Flag("noNewPrivileges"u8, NoNewPrivileges);
        json.Text("apparmorProfile"u8, ApparmorProfile);
        json.Text("selinuxLabel"u8, SelinuxLabel);
        json.Number("oomScoreAdj"u8, OomScoreAdj);
        json.Object("scheduler"u8, Scheduler);
        json.Object("ioPriority"u8, IoPriority);
        json.Object("execCPUAffinity"u8, ExecCpuAffinity);
    }
}

public sealed partial record ConsoleSize : IReadable<ConsoleSize>, IWritable
{
    ConsoleSize(ref OciReader json) : this(0, 0)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "height": Height = json.UInt32(); break;
                case "width": Width = json.UInt32(); break;
            }
        }
    }

    static ConsoleSize IReadable<ConsoleSize>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("height"u8, Height);
        json.Number("width"u8, Width);
    }
}

public sealed partial record User : IReadable<User>, IWritable
{
    public User() { }

    User(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "uid": Uid = json.UInt32(); break;
                case "gid": Gid = json.UInt32(); break;
                case "umask": Umask = json.UInt32OrNull(); break;
                case "additionalGids": AdditionalGids = json.UInt32s(); break;
            }
        }
    }

    static User IReadable<User>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("uid"u8, Uid);
        json.Number("gid"u8, Gid);
        json.Number("umask"u8, Umask);
        json.Numbers("additionalGids"u8, AdditionalGids);
    }
}

public sealed partial record LinuxCapabilities : IReadable<LinuxCapabilities>, IWritable
{
    public LinuxCapabilities() { }

    LinuxCapabilities(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "bounding": Bounding = json.Texts(); break;
                case "effective": Effective = json.Texts(); break;
                case "inheritable": Inheritable = json.Texts(); break;
                case "permitted": Permitted = json.Texts(); break;
                case "ambient": Ambient = json.Texts(); break;
            }
        }
    }

    static LinuxCapabilities IReadable<LinuxCapabilities>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Texts("bounding"u8, Bounding);
        json.Texts("effective"u8, Effective);
        json.Texts("inheritable"u8, Inheritable);
        json.Texts("permitted"u8, Permitted);
        json.Texts("ambient"u8, Ambient);
    }
}

public sealed partial record PosixRlimit : IReadable<PosixRlimit>, IWritable
{
    public PosixRlimit() { }

    PosixRlimit(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "type": Type = json.Text(); break;
                case "hard": Hard = json.UInt64(); break;
                case "soft": Soft = json.UInt64(); break;
            }
        }
    }

    static PosixRlimit IReadable<PosixRlimit>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("type"u8, Type);
        json.Number("hard"u8, Hard);
        json.Number("soft"u8, Soft);
    }
}
