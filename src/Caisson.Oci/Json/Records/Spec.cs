namespace Caisson.Oci;

public sealed partial record Spec : IReadable<Spec>, IWritable
{
    public Spec() { }

    Spec(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "ociVersion": OciVersion = json.Text(); break;
                case "process": Process = json.Object<ProcessSpec>(); break;
                case "root": Root = json.Object<Root>(); break;
                case "hostname": Hostname = json.TextOrNull(); break;
                case "domainname": Domainname = json.TextOrNull(); break;
                case "mounts": Mounts = json.List<MountSpec>(); break;
                case "hooks": Hooks = json.Object<Hooks>(); break;
                case "annotations": Annotations = json.TextMap(); break;
                case "linux": Linux = json.Object<Linux>(); break;
            }
        }
    }

    static Spec IReadable<Spec>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("ociVersion"u8, OciVersion);
        json.Object("process"u8, Process);
        json.Object("root"u8, Root);
        json.Text("hostname"u8, Hostname);
        json.Text("domainname"u8, Domainname);
        json.List("mounts"u8, Mounts);
        json.Object("hooks"u8, Hooks);
        json.TextMap("annotations"u8, Annotations);
        json.Object("linux"u8, Linux);
    }
}

public sealed partial record Root : IReadable<Root>, IWritable
{
    public Root() { }

    Root(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "path": Path = json.Text(); break;
                case "readonly": Readonly = json.Flag(); break;
            }
        }
    }

    static Root IReadable<Root>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("path"u8, Path);
        json.Flag("readonly"u8, Readonly);
    }
}

public sealed partial record MountSpec : IReadable<MountSpec>, IWritable
{
    public MountSpec() { }

    MountSpec(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "destination": Destination = json.Text(); break;
                case "type": Type = json.TextOrNull(); break;
                case "source": Source = json.TextOrNull(); break;
                case "options": Options = json.Texts(); break;
                case "uidMappings": UidMappings = json.List<LinuxIdMapping>(); break;
                case "gidMappings": GidMappings = json.List<LinuxIdMapping>(); break;
            }
        }
    }

    static MountSpec IReadable<MountSpec>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("destination"u8, Destination);
        json.Text("type"u8, Type);
        json.Text("source"u8, Source);
        json.Texts("options"u8, Options);
        json.List("uidMappings"u8, UidMappings);
        json.List("gidMappings"u8, GidMappings);
    }
}

public sealed partial record Hooks : IReadable<Hooks>, IWritable
{
    public Hooks() { }

    Hooks(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "prestart": Prestart = json.List<Hook>(); break;
                case "createRuntime": CreateRuntime = json.List<Hook>(); break;
                case "createContainer": CreateContainer = json.List<Hook>(); break;
                case "startContainer": StartContainer = json.List<Hook>(); break;
                case "poststart": Poststart = json.List<Hook>(); break;
                case "poststop": Poststop = json.List<Hook>(); break;
            }
        }
    }

    static Hooks IReadable<Hooks>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.List("prestart"u8, Prestart);
        json.List("createRuntime"u8, CreateRuntime);
        json.List("createContainer"u8, CreateContainer);
        json.List("startContainer"u8, StartContainer);
        json.List("poststart"u8, Poststart);
        json.List("poststop"u8, Poststop);
    }
}

public sealed partial record Hook : IReadable<Hook>, IWritable
{
    public Hook() { }

    Hook(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "path": Path = json.Text(); break;
                case "args": Args = json.Texts(); break;
                case "env": Env = json.Texts(); break;
                case "timeout": Timeout = json.Int32OrNull(); break;
            }
        }
    }

    static Hook IReadable<Hook>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("path"u8, Path);
        json.Texts("args"u8, Args);
        json.Texts("env"u8, Env);
        json.Number("timeout"u8, Timeout);
    }
}
