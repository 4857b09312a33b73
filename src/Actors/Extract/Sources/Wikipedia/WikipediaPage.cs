using AngleSharp.Html.Parser;
using Etl.Domain.Extract;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>Turns the bytes of a saved page into its outline: the only place that parses HTML.</summary>
public static class WikipediaPage
{
    private const string SavePage = "save the page as HTML (\"Webpage, HTML only\") and give that file";

    /// <summary>The outline of a page, or what the bytes look like instead. Reads no more of the stream than a page may have.</summary>
    public static PageOutcome Read(Stream content, CancellationToken cancellation = default)
    {
        if (content.CanSeek && content.Length - content.Position > PageLimits.MaximumBytes)
            return TooLarge();
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        while (content.Read(buffer) is > 0 and var read)
        {
            cancellation.ThrowIfCancellationRequested();
            bytes.Write(buffer, 0, read);
            if (bytes.Length > PageLimits.MaximumBytes)
                return TooLarge();
        }

        return Read(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), cancellation);
    }

    /// <summary>The outline of a page, or what the bytes look like instead.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; a page that takes too long is refused instead.</exception>
    public static PageOutcome Read(ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        if (content.Length > PageLimits.MaximumBytes)
            return TooLarge();
        if (PageBytes.Foreign(content.Span) is { } foreign)
            return new PageOutcome.Refused($"it looks like {foreign}", SavePage);

        var text = PageBytes.Decode(content.Span);
        if (string.IsNullOrWhiteSpace(text))
            return new PageOutcome.Refused("it looks like an empty file", SavePage);
        if (!text.Contains("<table", StringComparison.OrdinalIgnoreCase))
            return new PageOutcome.Refused($"it looks like {Kind(text)}", SavePage);
        if (MarkupScan.Refuse(text) is { } refusal)
            return new PageOutcome.Refused($"it looks like a page made to exhaust a parser: {refusal}", SavePage);

        var outline = Parse(text, cancellation);
        if (outline is null)
            return new PageOutcome.Refused($"parsing it took longer than {PageLimits.MaximumTime.TotalSeconds:0} s", SavePage);
        return outline.Tables.IsEmpty
            ? new PageOutcome.Refused("it looks like an HTML page without a table", SavePage)
            : new PageOutcome.Page(outline);
    }

    /// <summary>The outline, null when it takes longer than a page may take.</summary>
    private static PageOutline? Parse(string text, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(PageLimits.MaximumTime);
        try
        {
            var parser = new HtmlParser(new HtmlParserOptions { IsKeepingSourceReferences = true, SkipComments = true });
            // A text in memory is parsed on this thread; the asynchronous call is the one that heeds the token.
            using var document = parser.ParseDocumentAsync(text, limit.Token).GetAwaiter().GetResult();
            return OutlineWalk.Of(document);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static PageOutcome.Refused TooLarge() => new(
        $"it is larger than {PageLimits.MaximumBytes / (1024 * 1024)} MiB, and a page has under 1 MiB", "give the page itself, without what was saved with it");

    private static string Kind(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start[0] is '{' or '[')
            return "JSON";
        return start[0] == '<' || text.Contains("<html", StringComparison.OrdinalIgnoreCase) ? "an HTML or XML document without a table" : "plain text without a table";
    }
}
