namespace Caisson.Oci;

// Each document is indented as runc does it, without a line feed at the end.
public static partial class OciJson
{
    /// <summary>config.json, by tabs.</summary>
    public static byte[] Write(Spec spec) => Document(spec, 1, '\t');

    /// <summary>On one line.</summary>
    public static byte[] Write(ProcessSpec process) => Document(process);

    /// <summary>On one line.</summary>
    public static byte[] Write(LinuxResources resources) => Document(resources);

    /// <summary>On one line, as hooks are given it.</summary>
    public static byte[] Write(OciState state) => Document(state);

    /// <summary>On one line, as seccomp agents are given it.</summary>
    public static byte[] Write(ContainerProcessState state) => Document(state);

    /// <summary>The answer of <c>state</c>, by two spaces.</summary>
    public static byte[] Write(ContainerListEntry entry) => Document(entry, 2);

    /// <summary>The answer of <c>list --format json</c>, on one line.</summary>
    public static byte[] Write(ContainerListEntry[] entries)
    {
        var json = new OciWriter();
        json.List(entries);
        return json.ToBytes();
    }

    /// <summary>The answer of <c>features</c>, by four spaces.</summary>
    public static byte[] Write(Features features) => Document(features, 4);

    /// <summary>One line of <c>events</c>.</summary>
    public static byte[] Write(RuntimeEvent runtimeEvent) => Document(runtimeEvent);

    static byte[] Document(IWritable value, int indent = 0, char indentBy = ' ')
    {
        var json = new OciWriter(indent, indentBy);
        json.Object(value);
        return json.ToBytes();
    }
}
