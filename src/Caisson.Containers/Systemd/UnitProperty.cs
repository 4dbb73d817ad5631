namespace Caisson.Containers.Systemd;

/// <summary>A property of a unit, as org.freedesktop.systemd1(5) names it.</summary>
/// <param name="Name">Such as TasksMax.</param>
/// <param name="Signature">D-Bus type of the value.</param>
/// <param name="Write">Writes the value.</param>
/// <param name="Text">The value for people.</param>
public sealed record UnitProperty(string Name, string Signature, Action<BusWriter> Write, string Text)
{
    public static UnitProperty Of(string name, ulong value) => new(name, "t", to => to.LongNumber(value), value == ulong.MaxValue ? "infinity" : $"{value}");

    public static UnitProperty Of(string name, bool value) => new(name, "b", to => to.Number(value ? 1u : 0), value ? "yes" : "no");

    public static UnitProperty Of(string name, string value) => new(name, "s", to => to.Text(value), value);

    /// <summary>Numbers of 32 bits.</summary>
    public static UnitProperty Of(string name, uint[] values) =>
        new(name, "au", to => to.Array(4, values, static (one, value) => one.Number(value)), string.Join(' ', values));

    /// <summary>Texts.</summary>
    public static UnitProperty Of(string name, string[] values) =>
        new(name, "as", to => to.Array(4, values, static (one, value) => one.Text(value)), string.Join(' ', values));

    /// <summary>Bytes.</summary>
    public static UnitProperty Of(string name, byte[] values) =>
        new(name, "ay", to => to.Array(1, values, static (one, value) => one.Byte(value)), Convert.ToHexString(values));

    /// <summary>Pairs of texts.</summary>
    public static UnitProperty Of(string name, IReadOnlyList<(string First, string Second)> pairs) => new(
        name, "a(ss)", to => to.Array(8, pairs, static (one, pair) => one.Text(pair.First).Text(pair.Second)), string.Join(' ', pairs.Select(pair => $"{pair.First} {pair.Second}")));

    public override string ToString() => $"{Name}={Text}";
}
