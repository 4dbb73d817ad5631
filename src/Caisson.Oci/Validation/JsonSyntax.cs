using System.Text.Json;

namespace Caisson.Oci;

/// <summary>Says where a text stops being JSON, in words of ours: the framework's are not in the binary.</summary>
static class JsonSyntax
{
    /// <summary>The one problem; its place is that of the exception.</summary>
    public static Problem Explain(ReadOnlySpan<byte> utf8, JsonException e, bool isAfterEnd, string at)
    {
        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new Problem(at, "the document is empty", "write a JSON object");
        }

        if (utf8.StartsWith("\uFEFF"u8))
        {
            return new Problem(at, "the document starts with a byte order mark", "save the file as UTF-8 without BOM");
        }

        long line = e.LineNumber ?? 0;
        long column = e.BytePositionInLine ?? 0;
        string place = $"line {line + 1}, column {column + 1}";
        if (isAfterEnd)
        {
            return new Problem(at, $"text follows the end of the document at {place}", "remove it");
        }

        return IsTooDeep(utf8)
            ? new Problem(at, $"nested deeper than 64 levels at {place}", "flatten the document")
            : new Problem(at, $"not valid JSON at {place}: {Found(utf8, line, column)}", "correct the syntax");
    }

    static bool IsTooDeep(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static string Found(ReadOnlySpan<byte> utf8, long line, long column)
    {
        for (; line > 0; line--)
        {
            utf8 = utf8[(utf8.IndexOf((byte)'\n') + 1)..];
        }

        if (column >= utf8.Length)
        {
            return "unexpected end of the document";
        }

        byte found = utf8[(int)column];
        return found is > 0x20 and < 0x7F ? $"unexpected '{(char)found}'" : $"unexpected byte 0x{found:x2}";
    }
}
