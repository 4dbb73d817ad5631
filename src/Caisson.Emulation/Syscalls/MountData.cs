namespace Caisson.Emulation.Syscalls;

/// <summary>What mount(2) is told of a file system: its source, which mount tables show, and options with commas between them.</summary>
public sealed record MountData(string? Source, string Data)
{
    /// <summary>As the kernel takes them; a flag has no value.</summary>
    public IReadOnlyList<(string Key, string? Value)> Options => Source is null ? Parse(Data) : [("source", Source), .. Parse(Data)];

    /// <summary>The same in one string. A source with a comma in it is left out.</summary>
    public string Text => Source?.Contains(',') != false ? Data : $"source={Source},{Data}";

    /// <summary>Null where the kernel could not read them either.</summary>
    public static MountData? TryRead(Tracee tracee)
    {
        string? source = tracee.Argument(0) == 0 ? null : tracee.ReadString(0);
        string? data = tracee.Argument(4) == 0 ? "" : tracee.ReadString(4);
        return data is null || (source is null && tracee.Argument(0) != 0) ? null : new MountData(source, data);
    }

    public static IReadOnlyList<(string Key, string? Value)> Parse(string data) =>
    [
        .. data.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(option =>
            option.IndexOf('=') is >= 0 and int equals ? (option[..equals], option[(equals + 1)..]) : (option, (string?)null)),
    ];
}
