using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>A run that came to no good end, as far as it is known.</summary>
/// <param name="ExitCode">130 and 143 are told as interrupted, any other as failed.</param>
/// <param name="Error">One paragraph for people.</param>
/// <param name="Counts">Where the rows went, when that is known without a report.</param>
/// <param name="Files">What was loaded all the same: a quality gate lets the quarantine be written, a failed sink leaves the others.</param>
public sealed record RunFailure(
    int ExitCode, string Error, string ProductVersion, RunFacts? Facts, Report? Report, CountEquation? Counts, ImmutableArray<LoadedFile> Files);

/// <summary>
/// Writes <c>run.json</c>: how the run ended, what happened on the way, and the hashes of the files it wrote. Renamed into place after all
/// of them, so a reader that finds a file's hash in it has a complete result.
/// </summary>
public static class RunJsonWriter
{
    /// <summary>The file it writes.</summary>
    public const string FileName = "run.json";

    private const int SchemaVersion = 1;

    /// <summary>A run that is done.</summary>
    /// <exception cref="SinkException">It cannot be written; an older file is unchanged.</exception>
    public static LoadedFile Write(string outDirectory, Report report, RunFacts facts, ImmutableArray<LoadedFile> files, Action? beforeRename = null) =>
        Write(outDirectory, "done", 0, null, facts.ProductVersion, facts, report, report.Counts, files, beforeRename);

    /// <summary>A run that failed or was interrupted; unknown values are null. Writes no other file.</summary>
    /// <inheritdoc cref="Write(string, Report, RunFacts, ImmutableArray{LoadedFile}, Action)" />
    public static LoadedFile WriteFailed(string outDirectory, RunFailure failure, Action? beforeRename = null) => Write(
        outDirectory, failure.ExitCode is 130 or 143 ? "interrupted" : "failed", failure.ExitCode, failure.Error, failure.ProductVersion,
        failure.Facts, failure.Report, failure.Counts ?? failure.Report?.Counts, failure.Files.IsDefault ? [] : failure.Files, beforeRename);

    private static LoadedFile Write(
        string outDirectory, string status, int exitCode, string? error, string version, RunFacts? facts, Report? report,
        CountEquation? counts, ImmutableArray<LoadedFile> files, Action? beforeRename) => AtomicFile.Write(outDirectory, FileName, JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("schema_version", SchemaVersion);
        json.WriteString("job_id", facts?.Job.ToString());
        json.WriteString("run_id", facts?.Run.ToString());
        json.WriteString("status", status);
        json.WriteNumber("exit_code", exitCode);
        json.WriteString("error", error);
        WriteEdition(json, report);
        WriteCounts(json, counts);
        WriteTexts(json, "missing_countries", report?.MissingCountries);
        WriteTexts(json, "warnings", report?.Warnings);
        WriteStory(json, facts);
        WriteTimes(json, facts, counts);
        WriteFiles(json, files);
        WriteSettings(json, facts);
        json.WriteString("product_version", version);
        json.WriteEndObject();
    }), beforeRename);

    private static void WriteEdition(Utf8JsonWriter json, Report? report)
    {
        json.WritePropertyName("edition");
        if (report is null)
        {
            json.WriteNullValue();
            return;
        }

        var edition = Edition.Of(report);
        json.WriteStartObject();
        json.WriteString("as_of", edition.AsOf);
        json.WriteString("content_sha256", edition.ContentSha256);
        json.WriteString("title", edition.Title);
        json.WriteString("table", edition.Table);
        json.WriteString("column", edition.Column);
        json.WriteString("unit", edition.Unit);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, CountEquation? counts)
    {
        json.WriteNumberOrNull("read", counts?.Read);
        json.WriteNumberOrNull("counted", counts?.Counted);
        json.WriteNumberOrNull("superseded", counts?.Superseded);
        json.WriteNumberOrNull("missing", counts?.Missing);
        json.WriteNumberOrNull("aggregates", counts?.Aggregates);
        json.WriteNumberOrNull("quarantined", counts?.Quarantined);
        json.WriteNumberOrNull("loaded", counts?.Loaded);
        json.WriteNumberOrNull("unassigned", counts?.Unassigned);
    }

    private static void WriteStory(Utf8JsonWriter json, RunFacts? facts)
    {
        json.WriteNumberOrNull("batches", facts?.Batches);
        json.WriteNumberOrNull("batches_resumed", facts?.BatchesResumed);
        json.WriteStartArray("restarts");
        foreach (var restart in facts?.Restarts ?? []) WriteRestart(json, restart);
        foreach (var restart in facts?.ActorRestarts ?? []) WriteRestart(json, restart);
        json.WriteEndArray();
        json.WriteNumberOrNull("restarts_total", facts?.RestartsTotal);
        json.WriteStartArray("condemned");
        foreach (var condemned in facts?.Condemned ?? []) WriteCondemned(json, condemned);
        json.WriteEndArray();
        json.WriteNumberOrNull("condemned_total", facts?.CondemnedTotal);
        if (facts?.Chaos is { } chaos)
        {
            json.WriteStartObject("chaos");
            json.WriteString("spec", chaos.Spec);
            json.WriteStartObject("injected");
            foreach (var (kind, count) in chaos.Injected) json.WriteNumber(kind, count);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteNumberOrNull("retries", facts?.Retries);
        json.WriteNumberOrNull("attempts", facts?.Attempts);
    }

    private static void WriteRecovery(Utf8JsonWriter json, TimeSpan? after)
    {
        if (RunFigures.Seconds(after) is { } seconds) json.WriteNumber("recovered_after_seconds", seconds);
        else json.WriteNull("recovered_after_seconds");
    }

    private static void WriteRestart(Utf8JsonWriter json, Restart restart)
    {
        json.WriteStartObject();
        json.WriteString("actor", restart.Actor);
        json.WriteString("cause", restart.Cause);
        json.WriteString("directive", restart.Directive);
        json.WriteString("batch", restart.Batch.ToString());
        json.WriteNumberOrNull("row", restart.Row);
        json.WriteNumber("attempt", restart.Attempt);
        json.WriteString("time", RunFigures.Time(restart.At));
        WriteRecovery(json, restart.RecoveredAfter);
        json.WriteEndObject();
    }

    private static void WriteCondemned(Utf8JsonWriter json, JobEvent.RowsCondemned condemned)
    {
        foreach (var row in condemned.Positions)
        {
            json.WriteStartObject();
            json.WriteString("batch", condemned.Batch.ToString());
            json.WriteNumber("row", row);
            json.WriteString("cause", condemned.Cause);
            json.WriteString("time", RunFigures.Time(condemned.At));
            json.WriteEndObject();
        }
    }

    // The same properties: of an actor that holds no batch, batch and row are null.
    private static void WriteRestart(Utf8JsonWriter json, ActorRestart restart)
    {
        json.WriteStartObject();
        json.WriteString("actor", restart.Actor);
        json.WriteString("cause", restart.Cause);
        json.WriteString("directive", restart.Directive);
        json.WriteString("batch", restart.Batch?.ToString());
        json.WriteNumberOrNull("row", restart.Row);
        json.WriteNumber("attempt", restart.Attempt);
        json.WriteString("time", RunFigures.Time(restart.At));
        WriteRecovery(json, restart.RecoveredAfter);
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, RunFacts? facts, CountEquation? counts)
    {
        json.WriteString("started", facts is null ? null : RunFigures.Time(facts.Started));
        json.WriteString("run_started", facts is null ? null : RunFigures.Time(facts.RunStarted));
        json.WriteString("finished", facts is null ? null : RunFigures.Time(facts.Finished));
        WriteFigure(json, "seconds", facts is null ? null : RunFigures.Seconds(facts));
        json.WriteNumberOrNull("bytes", facts?.InputBytes);
        WriteFigure(json, "rows_per_second", facts is null || counts is null ? null : RunFigures.RowsPerSecond(facts, counts));
    }

    private static void WriteFigure(Utf8JsonWriter json, string name, double? figure)
    {
        if (figure is { } known) json.WriteDigits(name, known.ToString("0.###", CultureInfo.InvariantCulture));
        else json.WriteNull(name);
    }

    private static void WriteFiles(Utf8JsonWriter json, ImmutableArray<LoadedFile> files)
    {
        json.WriteStartObject("files");
        foreach (var file in files)
        {
            json.WriteStartObject(file.Name);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, RunFacts? facts)
    {
        json.WriteStartObject("settings");
        // A key that was set twice counts as last set; twice in the object would be unreadable for some.
        foreach (var setting in (facts?.Settings ?? []).GroupBy(s => s.Key, StringComparer.Ordinal).Select(g => g.Last()))
            json.WriteString(setting.Key, setting.Value);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, EquatableArray<string>? texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts ?? []) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
