namespace Caisson.Emulation.Syscalls;

/// <summary>The last argument of mount(2): options with commas between them.</summary>
public static class MountData
{
    public static IReadOnlyList<(string Key, string? Value)> Parse(string data) =>
    [
        .. data.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(option =>
            option.IndexOf('=') is >= 0 and int equals ? (option[..equals], option[(equals + 1)..]) : (option, (string?)null)),
    ];
}
