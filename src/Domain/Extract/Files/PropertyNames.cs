using System.Collections.Immutable;
using System.Text.Json;

namespace Etl.Domain.Extract.Files;

/// <summary>The property names of newline-delimited JSON, as far as its first lines have them.</summary>
internal static class PropertyNames
{
    // A program may leave out what is null, so that the first record alone does not have every name.
    private const int SampledLines = 100;

    /// <summary>The names of the first objects in the order of their appearance, and why there are none.</summary>
    public static HeaderLine Read(ReadOnlySpan<byte> text, bool isWhole)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        string? problem = null;
        for (var number = 1; number <= SampledLines && !text.IsEmpty; number++)
        {
            if (!HeadText.TryFirstLine(text, isWhole, out var line, out var next))
                break;
            if (!line.Trim(" \t"u8).IsEmpty && !TryAdd(line, names, known))
                problem ??= Problem(line, number);
            text = text[next..];
        }

        return names.Count > 0 ? new HeaderLine(names.ToImmutable(), null) : new HeaderLine([], problem ?? "the file has no records");
    }

    private static bool TryAdd(ReadOnlySpan<byte> line, ImmutableArray<string>.Builder names, HashSet<string> known)
    {
        var found = new List<string>();
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                found.Add(json.GetString()!);
                json.Read();
                json.Skip();
            }

            if (json.TokenType != JsonTokenType.EndObject || json.Read())
                return false;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return false;
        }

        names.AddRange(found.Where(known.Add));
        return true;
    }

    private static string Problem(ReadOnlySpan<byte> line, int number) => line.TrimStart(" \t"u8) is [(byte)'[', ..]
        ? "the file is one JSON array: write one object per line (jq -c '.[]' does that)"
        : $"line {number.ToString(System.Globalization.CultureInfo.InvariantCulture)} is no JSON object: each line must be one whole object (jq -c . does that)";
}
