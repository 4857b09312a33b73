using Etl.Domain.Extract;
using Etl.Domain.Jobs;

namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>The source that reads saved pages of "List of countries by GDP (nominal)", whatever their layout.</summary>
public sealed class WikipediaSource : ISource
{
    // Enough for what stands before the first element.
    private const int MarkBytes = 4096;

    private static readonly string[] Extensions = [".html", ".htm", ".xhtml"];

    private static readonly string[] Marks = ["<!doctype html", "<html", "<head", "<body", "<table", "<meta "];

    /// <summary>The word of the command line.</summary>
    public static string Name => "wikipedia";

    /// <summary>True when a content is to be read as a page: by its name, or because it begins like HTML.</summary>
    /// <param name="head">The first bytes, a kilobyte or more.</param>
    /// <param name="fileName">Name or address of the input; only its ending counts.</param>
    public static bool Recognises(ReadOnlySpan<byte> head, string fileName)
    {
        if (Extensions.Any(extension => fileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
            return true;
        if (PageBytes.Foreign(head) is not null)
            return false;
        var text = PageBytes.Decode(head);
        return text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("<", StringComparison.Ordinal)
            && Marks.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The rows that a request means, or a refusal.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static SourceReading Read(ReadOnlyMemory<byte> content, TableRequest request, CancellationToken cancellation = default) =>
        WikipediaPage.Read(content, cancellation) switch
        {
            PageOutcome.Page page => Read(page.Outline, request),
            PageOutcome.Refused refused => new SourceReading.Refused(
                $"looked for a saved HTML page with a table of countries by GDP; {refused.Seen}; {refused.Remedy}", null),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };

    string ISource.Word => Name;

    bool ISource.Recognises(ReadOnlySpan<byte> head, string label) => Recognises(head[..Math.Min(head.Length, MarkBytes)], label);

    SourceReading ISource.Read(ReadOnlyMemory<byte> content, AnswerOptions options, CancellationToken cancellation) => Read(
        content, new TableRequest(options.Publisher, options.Unit, options.AsOf, (options.Year as YearRule.Only)?.Year), cancellation);

    private static SourceReading Read(PageOutline outline, TableRequest request) => TableReader.Read(outline, request) switch
    {
        TableReading.Chosen chosen => new SourceReading.Read(chosen.Choice, chosen.Rows),
        TableReading.Refused refused => new SourceReading.Refused(refused.Refusal.Message, refused.Refusal.Reason),
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };
}
