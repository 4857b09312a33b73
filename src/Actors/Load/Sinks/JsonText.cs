using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Etl.Actors.Load.Sinks;

/// <summary>How JSON is written everywhere: UTF-8 without a mark, "\n", two spaces, letters of any language as they are.</summary>
internal static class JsonText
{
    private static ReadOnlySpan<byte> LessThan => "\\u003C"u8;

    /// <summary>A file of one indented value.</summary>
    public static byte[] Document(Action<Utf8JsonWriter> write) => Text(indented: true, lineBreak: true, write);

    /// <summary>One line of a file of JSON lines, its "\n" included.</summary>
    public static byte[] Line(Action<Utf8JsonWriter> write) => Text(indented: false, lineBreak: true, write);

    /// <summary>A compact value within something else.</summary>
    public static string Compact(Action<Utf8JsonWriter> write) =>
        System.Text.Encoding.UTF8.GetString(Text(indented: false, lineBreak: false, write));

    /// <summary>A number by its digits: no conversion that could lose one, or a trailing zero that says how exact it is.</summary>
    public static void WriteDigits(this Utf8JsonWriter json, string name, string digits)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(digits);
    }

    /// <summary>A number, or null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static byte[] Text(bool indented, bool lineBreak, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // NewLine is set because it is the platform's by default, and the bytes must be the same everywhere.
        var options = new JsonWriterOptions
        {
            Indented = indented,
            IndentSize = 2,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(buffer, options)) write(json);
        return WithoutMarkup(buffer.WrittenSpan, lineBreak);
    }

    // The relaxed encoder keeps letters and apostrophes readable, but also "<", so that a page which shows the text in a script element
    // could be left by "</script>". In JSON "<" occurs within strings alone, so replacing the byte is safe.
    private static byte[] WithoutMarkup(ReadOnlySpan<byte> text, bool lineBreak)
    {
        var clean = new ArrayBufferWriter<byte>(text.Length + 1);
        for (var at = text.IndexOf((byte)'<'); at >= 0; at = text.IndexOf((byte)'<'))
        {
            clean.Write(text[..at]);
            clean.Write(LessThan);
            text = text[(at + 1)..];
        }

        clean.Write(text);
        if (lineBreak) clean.Write("\n"u8);
        return clean.WrittenSpan.ToArray();
    }
}
