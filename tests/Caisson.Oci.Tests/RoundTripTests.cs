using System.Reflection;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Caisson.Oci.Tests;

/// <summary>The readers and writers against <see cref="ReferenceJson"/>.</summary>
public sealed class RoundTripTests
{
    static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String, Gen.Const(""), AnyOf("/a b", "\"\\\b\t\n\f\r\0", "ü+'<&>", "\ud83d\ude00", "\u2028", "null"));

    [Fact]
    public void Parse_ReadsWhatTheReferenceReads_ForAnyDocumentOfTheTable()
    {
        foreach (OciDocument document in Enum.GetValues<OciDocument>())
        {
            Valid(SpecShape.Of(document)).Sample(
                text => Assert.Equal(
                    ReferenceJson.Write(ReferenceJson.Read(text, document)),
                    ReferenceJson.Write(ReferenceJson.Parse(Encoding.UTF8.GetBytes(text), document))),
                iter: 300,
                threads: 1);
        }
    }

    [Fact]
    public void Write_WritesWhatTheReferenceWrites_ForAnyDocumentOfTheTable()
    {
        Valid(SpecShape.Of(OciDocument.Spec)).Sample(
            text => AssertWritten(ReferenceJson.Read(text, OciDocument.Spec)), iter: 300, threads: 1);
        Valid(SpecShape.Of(OciDocument.State)).Sample(
            text => AssertWritten(ReferenceJson.Read(text, OciDocument.State)), iter: 100, threads: 1);
    }

    [Theory]
    [InlineData(typeof(RuntimeEvent))]
    [InlineData(typeof(Features))]
    [InlineData(typeof(ContainerListEntry))]
    public void Write_WritesWhatTheReferenceWrites_OfEveryMember(Type type)
    {
        int counter = 0;
        AssertWritten(Filled(type, ref counter, step: 1));
        counter = 0;
        AssertWritten(Filled(type, ref counter, step: 0));
        AssertWritten(Activator.CreateInstance(type)!);
    }

    [Theory]
    [InlineData("docker-28.json")]
    [InlineData("podman-5.json")]
    [InlineData("every-member.json")]
    [InlineData("hostile.json")]
    public void ParseSpec_ReadsWhatTheReferenceReads(string file)
    {
        byte[] text = TestData.Read(file);

        string expected = ReferenceJson.Write(ReferenceJson.Read(Encoding.UTF8.GetString(text), OciDocument.Spec));

        Assert.Equal(Compact(expected), Compact(ReferenceJson.Write(OciJson.ParseSpec(text))));
    }

    [Theory]
    [InlineData("""{"hostname":"a","hostname":"b"}""", "b")]
    [InlineData("""{"hostname":"a","hostname":null}""", null)]
    [InlineData("""{"\u0068ostname":"a"}""", "a")]
    [InlineData("""{"Hostname":"a","hostname ":"b","hostnam":"c","hostname\u0000":"d"}""", null)]
    [InlineData("""{"höstname":1,"":[{"hostname":"x"}],"hostname":"a"} """, "a")]
    [InlineData("""{"a-member-whose-name-is-longer-than-any-of-ours":{"hostname":"x"},"hostname":"a"}""", "a")]
    [InlineData("""{"process":{"unknown":{"hostname":[]},"args":["x"],"also":[[]]},"hostname":"a"}""", "a")]
    public void ParseSpec_FindsMembersByTheirExactName_TheLastOneCounting(string text, string? hostname) =>
        Assert.Equal(hostname, OciJson.ParseSpec(Encoding.UTF8.GetBytes(text)).Hostname);

    [Fact]
    public void ParseSpec_ReplacesWhatIsSetTwice_InsteadOfMergingIt()
    {
        Spec spec = OciJson.ParseSpec(
            """{"root":{"path":"a","readonly":true},"annotations":{"a":"1","a":"2"},"root":{"path":"b"}}"""u8);

        Assert.Equal(new Root { Path = "b" }, spec.Root);
        Assert.Equal([new("a", "2")], spec.Annotations!);
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void ParseSpec_BoundsTheDepth_OfUnknownMembersToo(int lists, bool isRead)
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"x\":" + new string('[', lists) + new string(']', lists) + "}");

        Assert.Equal(isRead, Record.Exception(() => OciJson.ParseSpec(text)) is null);
    }

    static void AssertWritten(object record)
    {
        byte[] actual = record switch
        {
            Spec spec => OciJson.Write(spec),
            OciState state => OciJson.Write(state),
            RuntimeEvent runtimeEvent => OciJson.Write(runtimeEvent),
            Features features => OciJson.Write(features),
            ContainerListEntry entry => OciJson.Write([entry]).AsSpan()[1..^1].ToArray(),
            _ => throw new ArgumentException(record.GetType().Name),
        };
        string text = Encoding.UTF8.GetString(actual);
        string expected = ReferenceJson.Write(record);
        if (record is Spec or Features)
        {
            (expected, text) = (Compact(expected), Compact(text));
        }

        Assert.Equal(expected, text);
    }

    static string Compact(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return JsonSerializer.Serialize(document.RootElement, ReferenceJson.Plain);
    }

    // Every member is there: with a value of its own, so that no two can be mistaken for each other, or by steps of 0
    // with zero, which some leave out.
    static object Filled(Type type, ref int counter, int step)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string))
        {
            return $"text {counter += step}";
        }

        if (bare == typeof(bool))
        {
            return (counter += step) % 2 == 0;
        }

        if (bare == typeof(DateTime))
        {
            return new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1_234_500);
        }

        if (bare == typeof(double))
        {
            return (counter += step) + 0.25;
        }

        if (bare.IsPrimitive)
        {
            return Convert.ChangeType(counter += step, bare, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (bare.IsArray)
        {
            Array list = Array.CreateInstance(bare.GetElementType()!, 2);
            list.SetValue(Filled(bare.GetElementType()!, ref counter, step), 0);
            list.SetValue(Filled(bare.GetElementType()!, ref counter, step), 1);
            return list;
        }

        if (bare.IsGenericType)
        {
            var map = (System.Collections.IDictionary)Activator.CreateInstance(
                typeof(Dictionary<,>).MakeGenericType(bare.GetGenericArguments()))!;
            map[$"key {counter += step}"] = Filled(bare.GetGenericArguments()[1], ref counter, step);
            return map;
        }

        return FilledRecord(bare, ref counter, step);
    }

    static object FilledRecord(Type type, ref int counter, int step)
    {
        ConstructorInfo constructor = type.GetConstructors().Single();
        object?[] arguments = new object?[constructor.GetParameters().Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Filled(constructor.GetParameters()[i].ParameterType, ref counter, step);
        }

        object record = constructor.Invoke(arguments);
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (arguments.Length == 0)
            {
                property.SetValue(record, Filled(property.PropertyType, ref counter, step));
            }
        }

        return record;
    }

    // Text of a value that fits, with unknown members in objects, members of any order and set twice.
    static Gen<string> Valid(Shape shape) => shape.Kind switch
    {
        ShapeKind.Text => OrNull(Texts.Select(Quoted), shape),
        ShapeKind.Flag => OrNull(Gen.Bool.Select(flag => flag ? "true" : "false"), shape),
        ShapeKind.Number => OrNull(
            Gen.OneOf(AnyOf("0", "1", $"{shape.Min}", $"{shape.Max}"), Gen.Byte.Select(number => $"{number}")), shape),
        ShapeKind.List => OrNull(Some(shape.Element!).Array[0, 3].Select(items => $"[{string.Join(", ", items)}]"), shape),
        ShapeKind.Map => OrNull(
            Gen.Select(Texts, Some(shape.Element!), (key, value) => $"{Quoted(key)}: {value}").Array[0, 3].Select(Braced), shape),
        ShapeKind.Object => Gen.OneOf([.. shape.Members!.Select(Member), Gen.Const("\"unknown\":[null,{\"path\":7}]")])
            .Array[0, 12].Select(Braced),
        _ => AnyOf("null", "{\"x\" : [1,\"\\u00fc\"]}", "7", "[]"),
    };

    static Gen<string> Member(KeyValuePair<string, Shape> member) =>
        Valid(member.Value).Select(value => $"\"{member.Key}\" : {value}");

    // null is no element.
    static Gen<string> Some(Shape shape) => Valid(shape).Where(text => text != "null");

    static Gen<string> OrNull(Gen<string> values, Shape shape) =>
        shape.Nullable ? Gen.Frequency((9, values), (1, Gen.Const("null"))) : values;

    static Gen<string> AnyOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    static string Braced(string[] members) => $"{{{string.Join(",\n", members)}}}";

    static string Quoted(string text) => JsonSerializer.Serialize(text);
}
