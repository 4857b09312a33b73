using Etl.Actors.Extract.Sources.Wikipedia;
using Etl.Domain.Extract.Series;
using Etl.Domain.Jobs;

namespace Etl.Actors.Extract.Sources.Imf;

/// <summary>The source that reads what the IMF hands out: DataMapper JSON, the World Economic Outlook as text, SDMX-JSON.</summary>
public sealed class ImfSource : ISource
{
    /// <summary>The word of the command line.</summary>
    public const string Word = "imf";

    /// <summary>True when a content is one of the IMF's, by its beginning.</summary>
    /// <param name="head">The first bytes, some kilobytes.</param>
    public static bool Recognises(ReadOnlySpan<byte> head) => KindOf(head) is not Kind.Other;

    /// <summary>The rows that a request means, or a refusal.</summary>
    public static SourceReading Read(ReadOnlyMemory<byte> content, SeriesRequest request)
    {
        if (ContentParts.Split(content).Length > 1) return new SourceReading.Refused("several inputs of the IMF are given, which may contradict each other; give one", null);
        if (PageBytes.Foreign(content.Span) is { } foreign) return new SourceReading.Refused($"it looks like {foreign}; {SourceText.AsText}", null);
        var reading = KindOf(content.Span[..Math.Min(content.Length, 65_536)]) switch
        {
            Kind.DataMapper => ImfDataMapper.Read(content),
            Kind.Sdmx => SdmxJson.Read(content),
            _ => ImfOutlook.Read(PageBytes.Decode(content.Span)),
        };
        return SourceText.Of(reading, request);
    }

    string ISource.Word => Word;

    bool ISource.Recognises(ReadOnlySpan<byte> head, string label) => Recognises(head);

    SourceReading ISource.Read(ReadOnlyMemory<byte> content, AnswerOptions options, CancellationToken cancellation) =>
        Read(content, new(options.Year, options.Unit, options.AsOf));

    private static Kind KindOf(ReadOnlySpan<byte> head)
    {
        if (PageBytes.Foreign(head) is not null) return Kind.Other;
        var text = PageBytes.Decode(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (!text.StartsWith('{')) return ImfOutlook.DelimiterOf(text) is null ? Kind.Other : Kind.Outlook;
        var top = text.Length > 4096 ? text[..4096] : text;
        if (top.Contains("sdmx", StringComparison.OrdinalIgnoreCase) || top.Contains("\"dataSets\"", StringComparison.Ordinal)) return Kind.Sdmx;
        // A record of newline-delimited JSON has no object in it, let alone two levels of them.
        var start = top.IndexOf("\"values\"", StringComparison.Ordinal);
        return start is >= 0 and < 200 && top[(start + 8)..].TrimStart(' ', '\t', '\r', '\n', ':').StartsWith('{') ? Kind.DataMapper : Kind.Other;
    }

    private enum Kind
    {
        Other,
        DataMapper,
        Sdmx,
        Outlook,
    }
}
