namespace Caisson.Oci;

public sealed partial record OciState : IReadable<OciState>, IWritable
{
    public OciState() { }

    OciState(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "ociVersion": OciVersion = json.Text(); break;
                case "id": Id = json.Text(); break;
                case "status": Status = json.Text(); break;
                case "pid": Pid = json.Int32OrNull(); break;
                case "bundle": Bundle = json.Text(); break;
                case "annotations": Annotations = json.TextMap(); break;
            }
        }
    }

    static OciState IReadable<OciState>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Text("ociVersion"u8, OciVersion);
        json.Text("id"u8, Id);
        json.Text("status"u8, Status);
        json.Number("pid"u8, Pid);
        json.Text("bundle"u8, Bundle);
        json.TextMap("annotations"u8, Annotations);
    }
}

public sealed partial record ContainerListEntry : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Text("ociVersion"u8, OciVersion);
        json.Text("id"u8, Id);
        json.Number("pid"u8, Pid);
        json.Text("status"u8, Status);
        json.Text("bundle"u8, Bundle);
        json.Text("rootfs"u8, Rootfs);
        json.Text("created"u8, Created);
        json.TextMap("annotations"u8, Annotations);
        json.Text("owner"u8, Owner);
    }
}

public sealed partial record ContainerProcessState : IWritable
{
    // The names of the descriptors in the order of the message: only this one is defined.
    static readonly string[] Descriptors = ["seccompFd"];

    void IWritable.Write(OciWriter json)
    {
        json.Text("ociVersion"u8, State.OciVersion);
        json.Texts("fds"u8, Descriptors);
        json.Number("pid"u8, Pid);
        json.Text("metadata"u8, Metadata);
        json.Object("state"u8, State);
    }
}
