using System.Collections;
using System.Reflection;
using System.Text;
using CsCheck;

namespace Caisson.Oci.Tests;

public sealed class SpecShapeTests
{
    [Fact]
    public void Check_ReportsEveryWrongMemberAtOnce() =>
        TestData.AssertGolden("wrong-kinds.txt", ProblemsOf(TestData.Read("wrong-kinds.json")));

    [Theory]
    [InlineData("", "document: the document is empty (write a JSON object)")]
    [InlineData("null", "document: expected an object, found null (write an object in braces)")]
    [InlineData("[]", "document: expected an object, found an array (write an object in braces)")]
    [InlineData("{} {}", "document: text follows the end of the document at line 1, column 4 (remove it)")]
    [InlineData("{\n  \"a\": 1,\n  }",
        "document: not valid JSON at line 3, column 3: unexpected '}' (correct the syntax)")]
    [InlineData("{\"a\":",
        "document: not valid JSON at line 1, column 6: unexpected end of the document (correct the syntax)")]
    [InlineData("\uFEFF{}",
        "document: the document starts with a byte order mark (save the file as UTF-8 without BOM)")]
    [InlineData("{\"hostname\":\"\\ud800\"}",
        "/hostname: the string is not valid UTF-8 (save the file as UTF-8, without lone \\u surrogates)")]
    public void Check_SaysWhatIsWrong(string text, string problem) =>
        Assert.Equal([problem], ProblemsOf(Encoding.UTF8.GetBytes(text)).Select(p => p.ToString()));

    [Fact]
    public void Check_NamesTheDepth_WhenNestingIsTooDeep()
    {
        byte[] text = Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}");

        Assert.StartsWith("nested deeper than 64 levels", Assert.Single(ProblemsOf(text)).Message);
    }

    [Fact]
    public void Table_HasEveryMemberOfTheRecords()
    {
        Compare(typeof(Spec), SpecShape.Of(OciDocument.Spec), "");
        Compare(typeof(ProcessSpec), SpecShape.Of(OciDocument.Process), "");
        Compare(typeof(LinuxResources), SpecShape.Of(OciDocument.Resources), "");
        Compare(typeof(LinuxSeccomp), SpecShape.Of(OciDocument.Seccomp), "");
        Compare(typeof(OciState), SpecShape.Of(OciDocument.State), "");
    }

    [Fact]
    public void ParseSpec_ThrowsNothingButSpecException_ForAnyBytes() =>
        Gen.Byte.Array[0, 200].Sample(AssertOnlySpecException, iter: 2_000, threads: 1);

    [Fact]
    public void ParseSpec_ThrowsNothingButSpecException_ForBrokenSpecs()
    {
        byte[] whole = TestData.Read("every-member.json");
        byte[] marks = "\"\\{}[]:,0-1.en\0"u8.ToArray();
        Gen<byte> bytes = Gen.OneOf(Gen.Byte, Gen.Int[0, marks.Length - 1].Select(i => marks[i]));
        Gen.Select(Gen.Int[0, whole.Length - 1], bytes, Gen.Int[0, 9]).Sample(
            (at, value, cut) => AssertOnlySpecException([.. whole[..at], value, .. whole.Skip(at + cut)]),
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void Parse_AgreesWithTheTable_ForAnyValueOfAnyMember()
    {
        string[] values =
        [
            "null", "true", "\"x\"", "0", "-0", "-1", "1.0", "1e3", "256", "65536", "4294967295", "4294967296",
            "9223372036854775808", "18446744073709551615", "18446744073709551616", "[]", "[null]", "[1]", "[\"x\"]",
            "{}", "{\"x\":null}", "{\"x\":1}", "{\"x\":\"y\"}", "{\"x\":{}}", "[{}]", "\"\\udc00\"",
        ];
        foreach (OciDocument document in Enum.GetValues<OciDocument>())
        {
            foreach (string template in Templates(SpecShape.Of(document)).Prepend("@"))
            {
                foreach (string value in values)
                {
                    byte[] text = Encoding.UTF8.GetBytes(template.Replace("@", value, StringComparison.Ordinal));
                    IReadOnlyList<Problem> table = SpecShape.Check(text, document, "");
                    Assert.Equal(string.Join("; ", table), Thrown(text, document));
                }
            }
        }
    }

    static string Thrown(byte[] text, OciDocument document)
    {
        try
        {
            ReferenceJson.Parse(text, document);
            return "";
        }
        catch (SpecException e)
        {
            return e.Message;
        }
    }

    static void AssertOnlySpecException(byte[] text)
    {
        try
        {
            Spec spec = OciJson.ParseSpec(text);
            SpecValidator.Validate(spec);
            if (spec.Linux?.Seccomp is { } seccomp)
            {
                SpecValidator.Validate(OciJson.ParseSeccomp(seccomp));
            }
        }
        catch (SpecException e)
        {
            Assert.NotEmpty(e.Problems);
            Assert.DoesNotContain(e.Problems, p => p.Message == "cannot be read");
        }
    }

    static IReadOnlyList<Problem> ProblemsOf(byte[] text) =>
        Assert.Throws<SpecException>(() => OciJson.ParseSpec(text)).Problems;

    // One document for each member at any depth, with @ in the place of its value.
    static IEnumerable<string> Templates(Shape shape) => shape.Kind switch
    {
        ShapeKind.Object => shape.Members!.SelectMany(m => Templates(m.Value).Prepend("@"),
            (m, inner) => $"{{\"{m.Key}\":{inner}}}"),
        ShapeKind.List => Templates(shape.Element!).Select(inner => $"[{inner}]"),
        ShapeKind.Map => Templates(shape.Element!).Select(inner => $"{{\"k\":{inner}}}"),
        _ => [],
    };

    static void Compare(Type type, Shape shape, string at)
    {
        PropertyInfo[] properties = type.GetProperties();
        Assert.Equal(properties.Select(ReferenceJson.NameOf).Order(), shape.Members!.Keys.Order());
        foreach (PropertyInfo property in properties)
        {
            string name = ReferenceJson.NameOf(property);
            CompareValue(property.PropertyType, shape.Members[name], $"{at}/{name}");
        }
    }

    static void CompareValue(Type type, Shape shape, string at)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        Assert.True(shape.Nullable == (!type.IsValueType || bare != type), at);
        if (bare == typeof(RawJson))
        {
            Assert.Same(Shape.Any, shape);
        }
        else if (bare == typeof(string) || bare == typeof(bool))
        {
            Assert.True(shape.Kind == (bare == typeof(string) ? ShapeKind.Text : ShapeKind.Flag), at);
        }
        else if (bare.IsPrimitive)
        {
            Assert.True(shape.Kind == ShapeKind.Number, at);
            Assert.Equal((Convert.ToString(Limit(bare, "MinValue")), Convert.ToString(Limit(bare, "MaxValue"))),
                (shape.Min.ToString(), shape.Max.ToString()));
        }
        else if (typeof(IEnumerable).IsAssignableFrom(bare))
        {
            Assert.True(shape.Kind == (bare.IsArray ? ShapeKind.List : ShapeKind.Map), at);
            CompareValue(bare.GetElementType() ?? bare.GetGenericArguments()[1], shape.Element!, at + "/*");
        }
        else
        {
            Compare(bare, shape, at);
        }
    }

    static object? Limit(Type number, string name) => number.GetField(name)!.GetValue(null);
}
