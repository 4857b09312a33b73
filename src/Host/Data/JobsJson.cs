using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Actors.Jobs.Reading;
using Etl.Domain.Jobs;

namespace Etl.Host.Data;

/// <summary>
/// What the journal knows, as JSON. Property names are stable: programs read them. Times are ISO 8601 in UTC; what is not known is null.
/// </summary>
internal static class JobsJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An array, newest first.</summary>
    public static void WriteList(JobList list, TextWriter to) => Write(to, json =>
    {
        json.WriteStartArray();
        foreach (var job in list.Jobs)
        {
            json.WriteStartObject();
            Head(json, list, job);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>One object: what the list has of the job, and more.</summary>
    public static void WriteOne(JobList list, JobRecord job, TextWriter to) => Write(to, json =>
    {
        json.WriteStartObject();
        Head(json, list, job);
        json.WriteNumber("regions", job.Regions);
        json.WriteNumber("missing", job.Counts.Missing);
        Array(json, "inputs", job.Spec?.Inputs ?? [], i =>
        {
            json.WriteString("label", i.Label);
            json.WriteString("path", i.File?.Path);
            json.WriteNumber("bytes", i.Bytes);
            json.WriteString("sha256", i.Sha256);
        });
        Array(json, "splits", job.Splits, s =>
        {
            json.WriteNumber("split", s.Split);
            json.WriteString("input", s.Input);
            json.WriteNumber("from_byte", s.From);
            json.WriteNumber("batches_done", s.Done);
            Number(json, "batches_planned", s.Planned);
        });
        Array(json, "runs", job.Runs, r =>
        {
            json.WriteString("run_id", r.Run.ToString());
            json.WriteString("product_version", r.ProductVersion);
            json.WriteString("began", Time(r.At));
        });
        Array(json, "restarts", Restarts(job), r =>
        {
            json.WriteString("actor", r.Actor);
            json.WriteString("cause", r.Cause);
            json.WriteString("directive", r.Directive);
            json.WriteString("batch", r.Batch);
            Number(json, "row", r.Row);
            json.WriteNumber("attempt", r.Attempt);
            json.WriteString("time", Time(r.At));
            if (r.RecoveredAfter is { } after) json.WriteNumber("recovered_after_seconds", Math.Round(after.TotalSeconds, 3));
            else json.WriteNull("recovered_after_seconds");
        });
        json.WriteStartArray("sinks_loaded");
        foreach (var sink in job.Loaded) json.WriteStringValue(sink);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>An array, oldest first.</summary>
    public static void WriteEvents(IEnumerable<ChronicleLine> lines, TextWriter to) => Write(to, json =>
    {
        json.WriteStartArray();
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", line.Sequence);
            json.WriteString("time", Time(line.At));
            json.WriteString("kind", line.Kind);
            json.WriteString("details", line.Details);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>One object.</summary>
    public static void WritePruned(PruneOutcome outcome, TextWriter to) => Write(to, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("removed");
        foreach (var job in outcome.Removed) json.WriteStringValue(job.ToString());
        json.WriteEndArray();
        json.WriteNumber("kept", outcome.Kept);
        json.WriteNumber("open", outcome.Open);
        json.WriteNumber("inputs_removed", outcome.Inputs);
        json.WriteNumber("input_bytes_removed", outcome.InputBytes);
        json.WriteNumber("journal_bytes_before", outcome.JournalBytesBefore);
        json.WriteNumber("journal_bytes", outcome.JournalBytes);
        json.WriteEndObject();
    });

    private static void Head(Utf8JsonWriter json, JobList list, JobRecord job)
    {
        json.WriteString("id", job.Job.ToString());
        json.WriteString("state", Screen.JobWording.Of(job.Standing));
        json.WriteString("stage", Screen.JobWording.Of(job.Stage));
        json.WriteString("source", job.Spec?.Source);
        json.WriteString("input", job.Spec is { Inputs: [var first, ..] } ? first.Label : null);
        json.WriteNumber("input_count", job.Spec?.Inputs.Count ?? 0);
        json.WriteString("started", Time(job.StartedAt));
        json.WriteString("ended", job.EndedAt is { } ended ? Time(ended) : null);
        Number(json, "exit_code", job.ExitCode);
        json.WriteString("reason", job.Reason);
        json.WriteNumber("batches_done", job.BatchesDone);
        Number(json, "batches_planned", job.BatchesPlanned);
        json.WriteNumber("rows", job.Counts.Read);
        json.WriteNumber("quarantined", job.Counts.Quarantined);
        json.WriteNumber("restarts_total", job.RestartsTotal);
        json.WriteNumber("retries", job.Retries);
        json.WriteNumber("attempts", job.Runs.Count);
        json.WriteString("product_version", job.Spec?.ProductVersion);
        // Of the directory; with several unfinished jobs it cannot be told which of them it works on.
        json.WriteString("at_work", job.Standing == JobStanding.Open ? list.Holder : null);
    }

    private sealed record AnyRestart(string Actor, string Cause, string Directive, string? Batch, long? Row, int Attempt, DateTimeOffset At, TimeSpan? RecoveredAfter);

    private static IEnumerable<AnyRestart> Restarts(JobRecord job) => job.Restarts
        .Select(r => new AnyRestart(r.Actor, r.Cause, r.Directive, r.Batch.ToString(), r.Row, r.Attempt, r.At, r.RecoveredAfter))
        .Concat(job.ActorRestarts.Select(r => new AnyRestart(r.Actor, r.Cause, r.Directive, r.Batch?.ToString(), r.Row, r.Attempt, r.At, r.RecoveredAfter))).OrderBy(r => r.At);

    private static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void Write(TextWriter to, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options)) write(json);
        to.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
        to.Flush();
    }
}
