using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>A row that was set aside, as people read it.</summary>
/// <param name="Source">File name of the input, never a path: the file must be the same on any machine.</param>
/// <param name="Row">Row number of a page, null when the place is an offset.</param>
/// <param name="Offset">Byte offset of a file, null when the place is a row.</param>
internal sealed record QuarantineEntry(
    string Source, long? Line, long? Row, long? Offset, string Column, string Text, string Reason, string Stage)
{
    /// <summary>The report's rejections, in their order.</summary>
    public static IEnumerable<QuarantineEntry> Of(Report report) =>
        // A place's position is a row of a page, or a byte of a file.
        report.Rejections.Select(r => report.Spec.Inputs[r.Place.Input].File is null
            ? new QuarantineEntry(
                SourceName(report.Spec.Inputs, r.Place.Input), r.Line, r.Place.Position, null, r.Column, r.Text, r.Reason, "map")
            : new QuarantineEntry(
                SourceName(report.Spec.Inputs, r.Place.Input), r.Line, null, r.Place.Position, r.Column, r.Text, r.Reason, "map"));

    /// <summary>The last part of an input's name: never a path, an address without its query.</summary>
    internal static string SourceName(EquatableArray<StoredInput> inputs, int input)
    {
        var label = inputs[input].Label;
        // An address may carry a query, which is no part of the name and may hold a secret; a file's name may hold "?" and "#".
        if (label.Contains("://", StringComparison.Ordinal) && label.IndexOfAny(['?', '#']) is var end and >= 0) label = label[..end];
        var trimmed = label.TrimEnd('/', '\\');
        return trimmed[(trimmed.LastIndexOfAny(['/', '\\']) + 1)..];
    }
}

/// <summary>The rows that were set aside, one JSON object per line. Loaded in every run: an empty file says that there is none.</summary>
public sealed class QuarantineSink : ISink
{
    /// <summary>The file it writes.</summary>
    public const string FileName = "quarantine.jsonl";

    /// <inheritdoc />
    public string Name => "quarantine";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(
        () => new SinkResult(
        [
            AtomicFile.Write(input.OutDirectory, FileName, stream =>
            {
                foreach (var entry in QuarantineEntry.Of(input.Report)) stream.Write(Line(entry));
            }, input.CheckLease, input.Faults),
        ]),
        cancellation);

    /// <summary>A line of the file.</summary>
    internal static byte[] Line(QuarantineEntry entry) => JsonText.Line(json =>
    {
        json.WriteStartObject();
        json.WriteString("Source", entry.Source);
        json.WriteNumberOrNull("Line", entry.Line);
        json.WriteNumberOrNull("Row", entry.Row);
        json.WriteNumberOrNull("Offset", entry.Offset);
        json.WriteString("Column", entry.Column);
        json.WriteString("Text", entry.Text);
        json.WriteString("Reason", entry.Reason);
        json.WriteString("Stage", entry.Stage);
        json.WriteEndObject();
    });
}
