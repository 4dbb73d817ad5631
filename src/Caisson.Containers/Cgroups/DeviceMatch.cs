namespace Caisson.Containers.Cgroups;

/// <summary>The devices that a rule is about; a number of -1 stands for all.</summary>
public readonly record struct DeviceMatch(char Type, long Major, long Minor)
{
    public const long Any = -1;

    /// <summary>By major, minor and type: rules are always written in the same order.</summary>
    public static IComparer<DeviceMatch> Order { get; } = Comparer<DeviceMatch>.Create(
        static (a, b) => (a.Major, a.Minor, a.Type).CompareTo((b.Major, b.Minor, b.Type)));

    public override string ToString() => $"{Type} {Number(Major)}:{Number(Minor)}";

    static string Number(long number) => number == Any ? "*" : number.ToString();
}
