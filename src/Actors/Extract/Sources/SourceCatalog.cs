using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Extract.Sources.Wikipedia;
using Etl.Actors.Hosting;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;

namespace Etl.Actors.Extract.Sources;

/// <summary>The sources by name, and which one an input is for.</summary>
public static class SourceCatalog
{
    /// <summary>Largest page that is read at all.</summary>
    public const long MaxPageBytes = PageLimits.MaximumBytes;

    /// <summary>The words of <c>--source</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [WikipediaSource.Name, RecordSource.Csv, RecordSource.Ndjson];

    /// <summary>The edition that the product carries.</summary>
    public static InputContent Bundled() => Of(BundledEdition.Open());

    /// <summary>The source of an input: the one that was asked for, or the one that recognises it; null when none does.</summary>
    public static string? NameFor(string? asked, InputContent content) =>
        asked ?? (WikipediaSource.Recognises(content.Bytes.Span[..Math.Min(4096, content.Bytes.Length)], content.Label) ? WikipediaSource.Name : null);

    /// <summary>Why no source takes an input, for people.</summary>
    public static string Unrecognised(InputContent content) =>
        $"{content.Label} is of no kind that a source reads ({string.Join(", ", Names)}): expected a saved HTML page of the list of countries by GDP, or records with a header (CSV, or one JSON object per line); "
        + "etl formats tells what is read, --source NAME insists";

    /// <summary>Reads a content by the source of this name.</summary>
    public static SplitReading Read(string source, InputContent content, AnswerOptions options, CancellationToken cancellation)
    {
        if (source != WikipediaSource.Name) return new SplitReading.Refused(2, $"there is no source {source}; known: {string.Join(", ", Names)}");
        var request = new TableRequest(options.Publisher, options.Unit, options.AsOf, (options.Year as YearRule.Only)?.Year);
        return WikipediaSource.Read(content.Bytes, request, cancellation) switch
        {
            SourceReading.Read read => new SplitReading.Rows(ChoiceOf(read.Choice), read.Rows),
            SourceReading.Refused refused => new SplitReading.Refused(refused.Reason == RefusalReason.NeedsYear ? 2 : 1, $"{content.Label}: {refused.Text}"),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static InputContent Of(BundledEdition edition) => new(edition.Name, edition.Content);

    private static SourceChoice ChoiceOf(TableChoice choice) => new(
        choice.Title, choice.Table, choice.Column, choice.Unit, choice.HeaderYear ?? 0, choice.Years, choice.EditionDate, choice.Warnings);
}
