namespace Caisson.Oci;

/// <summary>What a JSON value must look like to be read into a record.</summary>
sealed class Shape
{
    /// <summary>Phrase for people, such as <c>a string</c>.</summary>
    public required string Expected { get; init; }

    public required ShapeKind Kind { get; init; }

    /// <summary>null stands for an absent member.</summary>
    public bool Nullable { get; init; }

    /// <summary>Of an object.</summary>
    public Dictionary<string, Shape>? Members { get; init; }

    /// <summary>Of an array or a map.</summary>
    public Shape? Element { get; init; }

    /// <summary>Of a number.</summary>
    public long Min { get; init; }

    /// <summary>Of a number.</summary>
    public ulong Max { get; init; }

    public static Shape Any { get; } = new() { Expected = "any value", Kind = ShapeKind.Any, Nullable = true };

    public static Shape Text { get; } = new() { Expected = "a string", Kind = ShapeKind.Text, Nullable = true };

    public static Shape Flag { get; } = new() { Expected = "true or false", Kind = ShapeKind.Flag };

    public static Shape Number(long min, ulong max) => new()
    {
        Expected = $"a whole number from {min} to {max}",
        Kind = ShapeKind.Number,
        Min = min,
        Max = max,
    };

    public static Shape List(Shape element) =>
        new() { Expected = "an array", Kind = ShapeKind.List, Element = element, Nullable = true };

    public static Shape Map(Shape element) =>
        new() { Expected = "an object", Kind = ShapeKind.Map, Element = element, Nullable = true };

    public static Shape Object(params ReadOnlySpan<(string Name, Shape Shape)> members)
    {
        var table = new Dictionary<string, Shape>(members.Length, StringComparer.Ordinal);
        foreach ((string name, Shape shape) in members)
        {
            table.Add(name, shape);
        }

        return new Shape { Expected = "an object", Kind = ShapeKind.Object, Members = table, Nullable = true };
    }

    /// <summary>The same where the record has a nullable value.</summary>
    public Shape OrNull() => new()
    {
        Expected = Expected,
        Kind = Kind,
        Min = Min,
        Max = Max,
        Nullable = true,
    };
}

enum ShapeKind
{
    Any,
    Text,
    Flag,
    Number,
    List,
    Map,
    Object,
}
