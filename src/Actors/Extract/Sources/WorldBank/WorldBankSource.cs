using Etl.Actors.Extract.Sources.Wikipedia;
using Etl.Domain.Extract.Series;
using Etl.Domain.Jobs;

namespace Etl.Actors.Extract.Sources.WorldBank;

/// <summary>The source that reads what the World Bank hands out: the CSV download of an indicator, and pages of the API as JSON.</summary>
public sealed class WorldBankSource : ISource
{
    /// <summary>The word of the command line.</summary>
    public const string Word = "worldbank";

    /// <summary>True when a content is one of the World Bank's, by its beginning.</summary>
    /// <param name="head">The first bytes, some kilobytes.</param>
    public static bool Recognises(ReadOnlySpan<byte> head)
    {
        if (PageBytes.Foreign(head) is not null) return false;
        var text = PageBytes.Decode(head);
        return IsJson(text) || WorldBankCsv.IsData(text) || WorldBankCsv.IsMetadata(text);
    }

    /// <summary>The rows that a request means, or a refusal. Several contents that were joined are one: pages of a reply, or data and metadata.</summary>
    public static SourceReading Read(ReadOnlyMemory<byte> content, SeriesRequest request)
    {
        var parts = ContentParts.Split(content);
        foreach (var part in parts)
            if (PageBytes.Foreign(part.Span) is { } foreign) return new SourceReading.Refused($"it looks like {foreign}; {SourceText.AsText}", null);
        var first = PageBytes.Decode(parts[0].Span[..Math.Min(parts[0].Length, 4096)]);
        return SourceText.Of(
            first.AsSpan().TrimStart("\uFEFF \t\r\n") is ['[' or '{', ..] ? WorldBankJson.Read(parts) : WorldBankCsv.Read([.. parts.Select(p => PageBytes.Decode(p.Span))]), request);
    }

    string ISource.Word => Word;

    bool ISource.TakesParts => true;

    bool ISource.Recognises(ReadOnlySpan<byte> head, string label) => Recognises(head);

    SourceReading ISource.Read(ReadOnlyMemory<byte> content, AnswerOptions options, CancellationToken cancellation) =>
        Read(content, new(options.Year, options.Unit, options.AsOf));

    // An array of JSON objects is a file of records; this one is an array of the page's number and of an array.
    private static bool IsJson(string head)
    {
        var text = head.AsSpan().TrimStart("\uFEFF \t\r\n");
        if (text is not ['[', ..]) return false;
        text = text[1..].TrimStart(" \t\r\n");
        if (text is not ['{', ..]) return false;
        text = text[1..].TrimStart(" \t\r\n");
        return text.StartsWith("\"page\"", StringComparison.Ordinal) || text.StartsWith("\"message\"", StringComparison.Ordinal);
    }
}
