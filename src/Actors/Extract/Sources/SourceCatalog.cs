using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Extract.Sources.Imf;
using Etl.Actors.Extract.Sources.Wikipedia;
using Etl.Actors.Extract.Sources.WorldBank;
using Etl.Actors.Hosting;
using Etl.Actors.Stages;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;

namespace Etl.Actors.Extract.Sources;

/// <summary>The sources by name, and which one an input is for.</summary>
public static class SourceCatalog
{
    /// <summary>Largest page that is read at all.</summary>
    public const long MaxPageBytes = PageLimits.MaximumBytes;

    private const int HeadBytes = 65_536;

    /// <summary>The words of <c>--source</c>.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(s => s.Word), RecordSource.Csv, RecordSource.Ndjson];

    // The first that recognises an input has it.
    private static IReadOnlyList<ISource> All { get; } = [new WikipediaSource(), new ImfSource(), new WorldBankSource()];

    /// <summary>The edition that the product carries.</summary>
    public static InputContent Bundled() => Of(BundledEdition.Open());

    /// <summary>The source of an input: the one that was asked for, or the one that recognises it; null when none does.</summary>
    public static string? NameFor(string? asked, InputContent content) =>
        asked ?? All.FirstOrDefault(s => s.Recognises(Head(content, HeadBytes), content.Label))?.Word;

    /// <summary>True for a source whose inputs may come in parts.</summary>
    public static bool TakesParts(string source) => All.Any(s => s.Word == source && s.TakesParts);

    /// <summary>Why no source takes an input, for people.</summary>
    public static string Unrecognised(InputContent content) => PageBytes.Foreign(content.Bytes.Span) is { } foreign
        ? $"{content.Label} looks like {foreign}, whatever its name says, and no source reads that: expected a saved HTML page, a publisher's text file, or records; {SourceText.AsText}"
        : $"{content.Label} is of no kind that a source reads ({string.Join(", ", Names)}): expected a saved HTML page of the list of countries by GDP, a file of the IMF or the World Bank, or records with a header (CSV, or one JSON object per line); "
        + "etl formats tells what is read, --source NAME insists";

    /// <summary>Reads a content by the source of this name.</summary>
    public static SplitReading Read(string source, InputContent content, AnswerOptions options, CancellationToken cancellation)
    {
        if (source == RawRows.Source) return RawRows.Read(content.Bytes, content.Label);
        return All.FirstOrDefault(s => s.Word == source)?.Read(content.Bytes, options, cancellation) switch
        {
            SourceReading.Read read => new SplitReading.Rows(ChoiceOf(read.Choice), read.Rows),
            SourceReading.Refused refused => new SplitReading.Refused(refused.Reason == RefusalReason.NeedsYear ? 2 : 1, $"{content.Label}: {refused.Text}"),
            null => new SplitReading.Refused(2, $"there is no source {source}; known: {string.Join(", ", Names)}"),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static ReadOnlySpan<byte> Head(InputContent content, int length) => content.Bytes.Span[..Math.Min(length, content.Bytes.Length)];

    private static InputContent Of(BundledEdition edition) => new(edition.Name, edition.Content);

    private static SourceChoice ChoiceOf(TableChoice choice) => new(
        choice.Title, choice.Table, choice.Column, choice.Unit, choice.HeaderYear ?? 0, choice.Years, choice.EditionDate, choice.Warnings);
}
