using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Etl.Actors.Hosting;
using Etl.Dashboard.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Etl.Dashboard.Api;

/// <summary>The JSON API of a host. Every error is a problem of RFC 9457, whose <c>detail</c> is what the command line would say.</summary>
public static class JobsApi
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>Adds it below <c>/api</c>.</summary>
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/jobs").WithTags("jobs");
        jobs.MapPost("/", SubmitAsync).WithName("SubmitJob").WithSummary("Queues a job. The same input and options as one that waits or runs are that job.")
            .ProducesProblem(400).ProducesProblem(413).ProducesProblem(422).ProducesProblem(429).ProducesProblem(503);
        jobs.MapGet("/", ListAsync).WithName("ListJobs").WithSummary("The jobs that the journal knows, newest first; those of runs without the host too.");
        jobs.MapGet("/{id}", FindAsync).WithName("GetJob").WithSummary("One job, by its id or the beginning of it.").ProducesProblem(404);
        jobs.MapGet("/{id}/events", EventsAsync).WithName("GetJobEvents").WithSummary("What the journal holds of a job, oldest first.").ProducesProblem(404);
        jobs.MapGet("/{id}/stream", StreamAsync).WithName("WatchJob").WithSummary("Server-sent events: where the job stands, at most four times a second, until it ends.").ProducesProblem(404);
        jobs.MapGet("/{id}/screen", ScreenAsync).WithName("GetJobScreen").WithSummary("What etl run would show of a job that ended in this process.").ProducesProblem(404);
        jobs.MapPost("/{id}/cancel", CancelAsync).WithName("CancelJob").WithSummary("Stops working on a job; what is done of it stays, and it can be resumed.").ProducesProblem(404);
        jobs.MapPost("/{id}/resume", ResumeAsync).WithName("ResumeJob").WithSummary("Works again on a job that failed or was cancelled.").ProducesProblem(400).ProducesProblem(404);
        jobs.MapGet("/{id}/files", FilesAsync).WithName("ListJobFiles").WithSummary("The files of a job's output directory.").ProducesProblem(404);
        jobs.MapGet("/{id}/files/{name}", FileAsync).WithName("GetJobFile").WithSummary("One of them.").ProducesProblem(404);
        routes.MapGet("/api/settings", Settings).WithTags("host").WithName("GetSettings").WithSummary("The configuration in force, secrets masked.");
        routes.MapGet("/api/supervision", Supervision).WithTags("host").WithName("GetSupervision").WithSummary("The newest supervised failures, and how many there were in this process.");
        routes.MapPost("/api/chaos/mapper-crash", Crash).WithTags("host").WithName("CrashMappers").WithSummary("Crashes the mappers of the next batches; on a host with --allow-chaos.").ProducesProblem(403);
    }

    private static async Task<Results<Created<JobView>, Ok<JobView>>> SubmitAsync(
        [FromBody] JobSubmission submission, IJobDesk desk, LiveFeed feed, CancellationToken cancellation)
    {
        var (job, isNew) = await desk.SubmitAsync(submission, cancellation).ConfigureAwait(false);
        var view = JobView.Of((await feed.JobAsync(job).ConfigureAwait(false))!);
        return isNew ? TypedResults.Created($"/api/jobs/{job}", view) : TypedResults.Ok(view);
    }

    private static async Task<Ok<JobView[]>> ListAsync(LiveFeed feed) => TypedResults.Ok<JobView[]>([.. (await feed.JobsAsync().ConfigureAwait(false)).Select(JobView.Of)]);

    private static async Task<Ok<JobView>> FindAsync(string id, LiveFeed feed) => TypedResults.Ok(JobView.Of(await RowAsync(id, feed).ConfigureAwait(false)));

    private static async Task<Ok<EventView[]>> EventsAsync(string id, LiveFeed feed, JobHost host)
    {
        var row = await RowAsync(id, feed).ConfigureAwait(false);
        return TypedResults.Ok<EventView[]>([.. host.Events(row.Job).Select(e => new EventView(e.Sequence, e.At, e.Kind, e.Details))]);
    }

    private static async Task<ServerSentEventsResult<JobView>> StreamAsync(string id, LiveFeed feed, CancellationToken cancellation)
    {
        var row = await RowAsync(id, feed).ConfigureAwait(false);
        return TypedResults.ServerSentEvents(Beats(row, feed, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<JobView>> Beats(JobRow row, LiveFeed feed, [EnumeratorCancellation] CancellationToken cancellation)
    {
        JobView? last = null;
        while (true)
        {
            var now = JobView.Of(row);
            if (now != last) yield return new(last = now, row.IsLive ? "progress" : "ended");
            if (!row.IsLive) yield break;
            await Task.Delay(Beat, cancellation).ConfigureAwait(false);
            row = await feed.JobAsync(row.Job).ConfigureAwait(false) ?? row;
        }
    }

    private static async Task<Ok<JobScreen>> ScreenAsync(
        string id, LiveFeed feed, IJobDesk desk, int width = 100, bool color = false, bool unicode = true, string format = "table", bool quiet = false)
    {
        var row = await RowAsync(id, feed).ConfigureAwait(false);
        return TypedResults.Ok(desk.Screen(row.Job, width, color, unicode, format, quiet) ?? throw new NoSuchThing(
            $"job {row.ShortId} did not end in this process, so there is no screen of it; its files are in {row.OutDirectory ?? "its output directory"}"));
    }

    private static async Task<Accepted<JobView>> CancelAsync(string id, LiveFeed feed, JobHost host, CancellationToken cancellation)
    {
        var row = await RowAsync(id, feed).ConfigureAwait(false);
        await host.CancelAsync(row.Job, cancellation).ConfigureAwait(false);
        return TypedResults.Accepted($"/api/jobs/{row.Job}", JobView.Of(await RowAsync(id, feed).ConfigureAwait(false)));
    }

    private static async Task<Accepted<JobView>> ResumeAsync(string id, LiveFeed feed, JobHost host, CancellationToken cancellation)
    {
        var row = await RowAsync(id, feed).ConfigureAwait(false);
        await host.ResumeAsync(row.Job, cancellation).ConfigureAwait(false);
        return TypedResults.Accepted($"/api/jobs/{row.Job}", JobView.Of(await RowAsync(id, feed).ConfigureAwait(false)));
    }

    private static async Task<Ok<FileView[]>> FilesAsync(string id, LiveFeed feed, WebOptions options) =>
        TypedResults.Ok<FileView[]>([.. ResultFiles.Of(await RowAsync(id, feed).ConfigureAwait(false), options).Select(f => new FileView(f.Name, f.Length, f.LastWriteTimeUtc))]);

    private static async Task<PhysicalFileHttpResult> FileAsync(string id, string name, LiveFeed feed, WebOptions options)
    {
        var row = await RowAsync(id, feed).ConfigureAwait(false);
        var file = ResultFiles.Of(row, options).FirstOrDefault(f => f.Name == name) ?? throw new NoSuchThing($"job {row.ShortId} has no file '{name}'");
        // Always to be saved: what others wrote is not shown in this host's name.
        return TypedResults.PhysicalFile(file.FullName, "application/octet-stream", file.Name, enableRangeProcessing: true);
    }

    private static Ok<Dictionary<string, string>> Settings(JobHost host) => TypedResults.Ok(new Dictionary<string, string>(host.Effective));

    private static Ok<SupervisionView> Supervision(RestartFeed feed)
    {
        var (lines, total, _) = feed.Now;
        return TypedResults.Ok(new SupervisionView(total, [.. lines.Select(l => new RestartView(
            l.Number, l.Job.ToString(), l.At, l.Actor, l.Cause, l.Directive, l.Batch?.ToString(), l.Row, l.Attempt, l.Recovery?.TotalSeconds))]));
    }

    private static Accepted Crash(IJobDesk desk, int batches = 1)
    {
        if (batches is < 1 or > 10_000) throw new RunException(2, "batches is a number from 1 to 10000");
        if (!desk.CrashMappers(batches)) throw new Forbidden("chaos is off: start the host with --allow-chaos");
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<JobRow> RowAsync(string id, LiveFeed feed)
    {
        const int least = 4;
        var rows = await feed.JobsAsync().ConfigureAwait(false);
        var found = id.Length < least ? [] : rows.Where(r => r.Job.ToString().StartsWith(id, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray();
        return found switch
        {
            [var one] => one,
            [] => throw new NoSuchThing("there is no such job"),
            _ => throw new NoSuchThing("several jobs begin so; give more of the id"),
        };
    }
}

/// <summary>What is asked for is not there.</summary>
public sealed class NoSuchThing(string message) : Exception(message);

/// <summary>What is asked for is not allowed.</summary>
public sealed class Forbidden(string message) : Exception(message);

/// <summary>A job, as JSON.</summary>
/// <param name="Status">waiting, running, done, failed, cancelled, interrupted.</param>
public sealed record JobView(
    string Id, string Title, string Source, string Status, DateTimeOffset At, DateTimeOffset? BegunAt, DateTimeOffset? EndedAt, int? ExitCode,
    string? Reason, long Rows, long BatchesDone, long? BatchesPlanned, double? Fraction, long Restarts, long Retries, long Quarantined, string? Out)
{
    /// <summary>How many jobs are to begin before it; null when it does not wait.</summary>
    public int? Ahead { get; init; }

    /// <summary>From the list's line.</summary>
    public static JobView Of(JobRow row) => new(
        row.Job.ToString(), row.Title, row.Source, row.Status, row.At, row.BegunAt, row.EndedAt, row.ExitCode, row.Reason, row.Rows, row.BatchesDone,
        row.BatchesPlanned, row.Fraction is { } part ? Math.Round(part, 4) : null, row.Restarts, row.Retries, row.Quarantined, row.OutDirectory)
    {
        Ahead = row.Ahead,
    };
}

/// <summary>An event of a job, as JSON.</summary>
public sealed record EventView(long Sequence, DateTimeOffset At, string Kind, string Details);

/// <summary>A result file, as JSON.</summary>
public sealed record FileView(string Name, long Bytes, DateTime Modified);

/// <summary>Supervised failures, as JSON.</summary>
public sealed record SupervisionView(long Total, RestartView[] Newest);

/// <summary>A supervised failure, as JSON.</summary>
public sealed record RestartView(
    long Number, string Job, DateTimeOffset At, string Actor, string Cause, string Directive, string? Batch, long? Row, int Attempt, double? RecoverySeconds);
