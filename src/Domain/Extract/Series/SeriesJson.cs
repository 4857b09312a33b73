using System.Globalization;
using System.Text.Json;

namespace Etl.Domain.Extract.Series;

/// <summary>Reads the JSON of publishers: bounded, and every surprise is a refusal.</summary>
internal static class SeriesJson
{
    private const int MaxDepth = 32, MaxText = 200, MaxTokens = 4_000_000;

    /// <summary>Reads a content; null, and why, when it is no JSON.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> content, out string problem)
    {
        problem = "";
        try
        {
            // A byte order mark is no JSON, and files have one all the same.
            if (content.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) content = content[3..];
            if (!IsBounded(content.Span))
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"it has more than {MaxTokens:N0} names and values");
                return null;
            }

            return JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException malformed)
        {
            problem = $"it is not JSON, or only a part of it (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1})";
            return null;
        }
    }

    // A document takes memory for each name and value, however short they are; counting them first takes none.
    private static bool IsBounded(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = MaxDepth });
        var tokens = 0;
        while (tokens <= MaxTokens && reader.Read()) tokens++;
        return tokens <= MaxTokens;
    }

    /// <summary>A property of an object; null when it is none, or has none of this name.</summary>
    public static JsonElement? Get(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found) ? found : null;

    /// <summary>An element of an array.</summary>
    public static JsonElement? At(JsonElement of, int index) =>
        of.ValueKind == JsonValueKind.Array && index >= 0 && index < of.GetArrayLength() ? of[index] : null;

    /// <summary>A text, or a number as its text; empty for anything else. Long ones are cut: no name or figure is that long.</summary>
    public static string Text(JsonElement? of)
    {
        try
        {
            return of switch
            {
                { ValueKind: JsonValueKind.String } text => Cut(text.GetString()!),
                { ValueKind: JsonValueKind.Number } number => Cut(number.GetRawText()),
                _ => "",
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return "\uFFFD";
        }
    }

    /// <summary>A figure as a decimal text without exponent; empty for null. What is none stays as it is, for the quarantine.</summary>
    /// <param name="isDouble">The number is a double written out in full ("9.0950000000000006394884621890840902671840812"): the shortest text of that double is what was meant.</param>
    public static string Figure(JsonElement of, bool isDouble) => of.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.Number => Number(of.GetRawText(), isDouble),
        JsonValueKind.String => Text(of) is var text && text.Contains('e', StringComparison.OrdinalIgnoreCase) ? Number(text, false) : text,
        _ => Cut(of.GetRawText()),
    };

    private static string Number(string raw, bool isDouble)
    {
        if (!isDouble && raw.Length <= 28 && !raw.Contains('e', StringComparison.OrdinalIgnoreCase)) return raw;
        if (!double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return Cut(raw);
        return decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            ? exact.ToString(CultureInfo.InvariantCulture) : Cut(raw);
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
