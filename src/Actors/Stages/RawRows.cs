using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Etl.Actors.Extract;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Stages;

/// <summary>The rows that a source read, as newline-delimited JSON: what was chosen in the first line, a row in each further one.</summary>
public static class RawRows
{
    /// <summary>The word of the source that reads them.</summary>
    public const string Source = "rows";

    /// <summary>Name of the file.</summary>
    public const string FileName = "rows.ndjson";

    /// <summary>The text of rows.</summary>
    public static byte[] Text(string source, SplitReading.Rows rows)
    {
        using var text = new MemoryStream();
        text.Write(JsonText.Line(json =>
        {
            json.WriteStartObject();
            json.WriteString("source", source);
            json.WriteString("title", rows.Choice.Title);
            json.WriteString("table", rows.Choice.Table);
            json.WriteString("column", rows.Choice.Column);
            json.WriteString("unit", rows.Choice.Unit.ToString().ToLowerInvariant());
            json.WriteNumber("header_year", rows.Choice.HeaderYear);
            json.WriteString("years", rows.Choice.Years);
            json.WriteString("edition", rows.Choice.Edition?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteStartArray("warnings");
            foreach (var warning in rows.Choice.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
        foreach (var row in rows.Items)
            text.Write(JsonText.Line(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("input", row.Input);
                json.WriteNumber("row", row.Row);
                json.WriteNumberOrNull("line", row.Line);
                json.WriteNumberOrNull("offset", row.Offset);
                json.WriteString("name", row.Name);
                json.WriteString("value", row.Value);
                json.WriteString("year", row.Year);
                json.WriteString("code", row.Code);
                json.WriteBoolean("is_group", row.IsGroup);
                json.WriteEndObject();
            }));
        return text.ToArray();
    }

    /// <summary>Reads such a text; what is no row is a refusal that names its line.</summary>
    public static SplitReading Read(ReadOnlyMemory<byte> content, string label)
    {
        SourceChoice? choice = null;
        var rows = ImmutableArray.CreateBuilder<RawRow>();
        var line = 0;
        try
        {
            foreach (var range in Encoding.UTF8.GetString(content.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                line++;
                using var document = JsonDocument.Parse(range);
                var of = document.RootElement;
                if (choice is null) choice = ChoiceOf(of);
                else rows.Add(new(
                    of.GetProperty("input").GetInt32(), of.GetProperty("row").GetInt64(), Number(of, "line"), Number(of, "offset"), Text(of, "name"), Text(of, "value"), Text(of, "year"))
                {
                    Code = Text(of, "code"),
                    IsGroup = of.GetProperty("is_group").GetBoolean(),
                });
            }
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return new SplitReading.Refused(1, $"{label}: line {line} of {FileName} is no row: {malformed.Message}; make the folder again with etl extract");
        }

        return choice is null ? new SplitReading.Refused(1, $"{label}: {FileName} is empty; make the folder again with etl extract") : new SplitReading.Rows(choice, rows.ToImmutable());
    }

    private static SourceChoice ChoiceOf(JsonElement of) => new(
        Text(of, "title"), Text(of, "table"), Text(of, "column"), Enum.Parse<Unit>(Text(of, "unit"), ignoreCase: true), of.GetProperty("header_year").GetInt32(), Text(of, "years"),
        of.GetProperty("edition").GetString() is { } date ? DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
        [.. of.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)]);

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static long? Number(JsonElement of, string name) => of.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
