using System.Text.Json;

namespace Caisson.Oci;

/// <summary>
/// Explains a document the serializer refused: every member of a wrong kind with its pointer, or the place where the
/// text stops being JSON. Never used on the way of a document that is right.
/// </summary>
static partial class SpecShape
{
    const int LongestQuote = 24;

    /// <summary>All problems of form; none when the document can be read.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="document">Which table it must follow.</param>
    /// <param name="at">Pointer of the whole, when it is part of another document.</param>
    public static IReadOnlyList<Problem> Check(ReadOnlySpan<byte> utf8, OciDocument document, string at)
    {
        JsonElement root = default;
        var reader = new Utf8JsonReader(utf8);
        try
        {
            root = JsonElement.ParseValue(ref reader);
            reader.Read();
        }
        catch (JsonException e)
        {
            bool isAfterEnd = root.ValueKind != JsonValueKind.Undefined;
            return [JsonSyntax.Explain(utf8, e, isAfterEnd, at)];
        }

        var problems = new List<Problem>();
        if (root.ValueKind == JsonValueKind.Null)
        {
            problems.Add(Wrong(root, Of(document), at));
        }

        Walk(problems, root, Of(document), at);
        return problems;
    }

    static void Walk(List<Problem> problems, JsonElement value, Shape shape, string at)
    {
        if (value.ValueKind == JsonValueKind.Null && shape.Nullable)
        {
            return;
        }

        if (!Fits(value, shape))
        {
            problems.Add(Wrong(value, shape, at));
            return;
        }

        if (shape.Kind == ShapeKind.List)
        {
            int index = 0;
            foreach (JsonElement element in value.EnumerateArray())
            {
                WalkElement(problems, element, shape.Element!, $"{at}/{index++}");
            }
        }
        else if (shape.Kind is ShapeKind.Map or ShapeKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                WalkMember(problems, member, shape, at);
            }
        }
    }

    static void WalkMember(List<Problem> problems, JsonProperty member, Shape shape, string at)
    {
        if (NameOf(member) is not string name)
        {
            problems.Add(new Problem(at, "a member's name is not valid UTF-8", "save the file as UTF-8"));
        }
        else if (shape.Members is null)
        {
            WalkElement(problems, member.Value, shape.Element!, $"{at}/{Problem.Step(name)}");
        }
        else if (shape.Members.TryGetValue(name, out Shape? expected))
        {
            Walk(problems, member.Value, expected, $"{at}/{name}");
        }
    }

    // Absent elements do not exist: null is for members only.
    static void WalkElement(List<Problem> problems, JsonElement element, Shape shape, string at)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            problems.Add(Wrong(element, shape, at));
            return;
        }

        Walk(problems, element, shape, at);
    }

    static bool Fits(JsonElement value, Shape shape) => shape.Kind switch
    {
        ShapeKind.Text => value.ValueKind == JsonValueKind.String && IsText(value),
        ShapeKind.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ShapeKind.Number => value.ValueKind == JsonValueKind.Number && IsWithin(value, shape),
        ShapeKind.List => value.ValueKind == JsonValueKind.Array,
        ShapeKind.Map or ShapeKind.Object => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };

    static bool IsWithin(JsonElement value, Shape shape)
    {
        if (value.TryGetInt64(out long signed) && signed <= 0)
        {
            // The serializer takes -0 for signed members only.
            return signed >= shape.Min && (shape.Min < 0 || !value.GetRawText().StartsWith('-'));
        }

        return value.TryGetUInt64(out ulong unsigned) && unsigned <= shape.Max;
    }

    static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    static Problem Wrong(JsonElement value, Shape shape, string at) => value.ValueKind switch
    {
        JsonValueKind.String when shape.Kind == ShapeKind.Text =>
            new Problem(at, "the string is not valid UTF-8", "save the file as UTF-8, without lone \\u surrogates"),
        JsonValueKind.Number when shape.Kind == ShapeKind.Number =>
            new Problem(at, $"expected {shape.Expected}, found {Quote(value)}", "write a whole number of that range"),
        _ => new Problem(at, $"expected {shape.Expected}, found {Found(value)}", Remedy(shape)),
    };

    static string Quote(JsonElement number)
    {
        string text = number.GetRawText();
        return text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
    }

    static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    static string Remedy(Shape shape) => shape.Kind switch
    {
        ShapeKind.Text => "write a string in quotes",
        ShapeKind.Flag => "write true or false without quotes",
        ShapeKind.Number => "write a number without quotes",
        ShapeKind.List => "write a list in brackets",
        _ => "write an object in braces",
    };
}
