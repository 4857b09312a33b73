using Etl.Domain.Countries;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;

namespace Etl.Actors.Extract.Sources.Files;

/// <summary>The sources that read files of records, of any size: CSV and newline-delimited JSON.</summary>
public static class RecordSource
{
    /// <summary>The word of the command line for delimited files.</summary>
    public const string Csv = "csv";

    /// <summary>The word of the command line for one JSON object per line.</summary>
    public const string Ndjson = "ndjson";

    /// <summary>True for the sources that are read here.</summary>
    public static bool Reads(string source) => source is Csv or Ndjson;

    /// <summary>The word for a format.</summary>
    public static string NameOf(RecordFormat format) => format == RecordFormat.Csv ? Csv : Ndjson;

    /// <summary>Reads a split's layout from the head of its file; its batches are read by the feed.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static SplitReading Read(JobSpec spec, int ordinal, RegionScheme scheme, BatchBuffers buffers)
    {
        var split = SplitPlanner.Splits(spec)[ordinal];
        var input = spec.Inputs[split.Input];
        var (head, isWhole) = HeadOf(input);
        switch (LayoutReader.Read(head, isWhole, FormatOf(spec.Source), spec.Options.Records, spec.Options.Unit))
        {
            case LayoutReading.Refused refused:
                return new SplitReading.Refused(refused.ExitCode, $"{input.Label}: {refused.Text}");
            // Said before gigabytes are read, not after.
            case LayoutReading.Chosen { Layout.YearName: { } year } when spec.Options is { Year: YearRule.Auto, AsOf: null }:
                return new SplitReading.Refused(2,
                    $"{input.Label}: the column {year} tells a year in each row, and the file does not tell its date, so forecasts cannot be told "
                    + "from estimates: choose with --year YEAR, --year all or --as-of DATE");
            case LayoutReading.Chosen { Layout: var layout } chosen:
                var map = SplitReader.PlanOf(ChoiceOf(spec, input, chosen), spec.Options.Duplicates, scheme);
                var plan = new FilePlan(
                    map, layout, split.Input, spec.Options.Records.EmptyIsMissing, // A line end within a JSON text is written as \n: there is nothing to follow.
                    layout.Format == RecordFormat.Csv && spec.Options.Records.Multiline,
                    spec.Options.Records.MaxLineBytes, spec.Options.QuarantineLimit);
                return new SplitReading.Records(
                    ChoiceOf(spec, input, chosen), split.Seekable ? SplitPlanner.Batches(split, spec.BatchBytes) : SplitPlan.Unknown,
                    () => split.Seekable
                        ? new RangeFeed(input, split, spec.BatchBytes, plan)
                        : new StreamFeed(input, split, spec.BatchBytes, plan, buffers));
            case var other:
                throw new System.Diagnostics.UnreachableException(other.GetType().Name);
        }
    }

    private static RecordFormat FormatOf(string source) => source == Ndjson ? RecordFormat.Ndjson : RecordFormat.Csv;

    private static (byte[] Bytes, bool IsWhole) HeadOf(StoredInput input)
    {
        if (input.File?.Path == StandardInput.Name) return StandardInput.Peeked;
        try
        {
            using var records = RecordFile.OpenStream(input);
            return RecordFile.Head(records);
        }
        catch (Exception cause) when (cause is ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"its compressed content is damaged ({cause.Message}); fetch it again", cause);
        }
    }

    private static SourceChoice ChoiceOf(JobSpec spec, StoredInput input, LayoutReading.Chosen chosen) => new(
        Path.GetFileName(input.Label) is { Length: > 0 } name ? name : input.Label,
        "",
        chosen.Layout.ValueName,
        chosen.Unit,
        LayoutReader.YearOf(chosen.Layout, spec.Options.Year) ?? 0,
        chosen.Layout.YearName is { } year ? $"column {year}" : YearsOf(spec, chosen.Layout),
        null,
        chosen.Warnings);

    private static string YearsOf(JobSpec spec, FileLayout layout) =>
        LayoutReader.YearOf(layout) is null && LayoutReader.YearOf(layout, spec.Options.Year) is { } year
            ? FormattableString.Invariant($"{year}, by --year: no column tells one") : "";
}
