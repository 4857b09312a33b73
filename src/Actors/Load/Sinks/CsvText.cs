using System.Text;

namespace Etl.Actors.Load.Sinks;

/// <summary>RFC 4180, and texts that no spreadsheet takes for a formula.</summary>
public static class CsvText
{
    /// <summary>RFC 4180 asks for this on every platform.</summary>
    public const string LineEnd = "\r\n";

    /// <summary>A text: what would begin a formula has an apostrophe before it.</summary>
    public static string Text(string text) => Field(BeginsFormula(text) ? "'" + text : text);

    /// <summary>A line of fields, each as <see cref="Text"/> or digits gave it.</summary>
    public static string Line(params IEnumerable<string> fields) => string.Join(',', fields) + LineEnd;

    /// <summary>A file of such lines: UTF-8 without a mark.</summary>
    internal static byte[] File(string header, IEnumerable<string> lines)
    {
        var text = new StringBuilder(header).Append(LineEnd);
        foreach (var line in lines) text.Append(line);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // The fullwidth signs too: some input methods write them, and some programs read them as the narrow ones.
    private static bool BeginsFormula(string text) =>
        text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20';

    private static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
