using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Watching;

namespace Etl.Actors.Telemetry;

/// <summary>
/// The spans of this process: one per job, below it one per batch that is followed (from its issue to being durable), below that one for each thing
/// that is done with it. Which batches, <see cref="TraceSample"/> says; one that crashed or is issued again is followed too. No message carries a
/// context: actors look here, by job and batch, so a protocol between nodes has nothing of it. Empty, and a comparison per call, when
/// nobody listened as the job began. Thread-safe.
/// </summary>
internal sealed class TraceBook(ActivitySource source)
{
    /// <summary>The spans' names.</summary>
    public const string Job = "job", Batch = "batch", Extract = "extract", Map = "map", Reduce = "reduce", Commit = "commit", Load = "load";

    // A trace must not grow with a job that goes wrong again and again.
    private const int MostTroubled = 1_000, MostEvents = 100;

    // OpenTelemetry's name for it, and its word for what has none.
    private const string ErrorType = "error.type";

    private readonly ConcurrentDictionary<JobId, Followed> jobs = new();
    private volatile bool isOn;

    /// <summary>The time, for a span that begins now and is told of when it has ended; the default when nothing is followed.</summary>
    public DateTimeOffset Now => isOn ? DateTimeOffset.UtcNow : default;

    /// <summary>This process begins to work on a job.</summary>
    public void Begin(JobId job, JobSpec spec, RunId run)
    {
        if (!source.HasListeners() || jobs.ContainsKey(job)) return;
        // Whatever the sender was about is no parent of a job that outlives it.
        var root = Start(Job, default, default,
            [new("etl.job.id", job.ToString()), new("etl.run.id", run.ToString()), new("etl.source", spec.Source), new("etl.inputs", spec.Inputs.Count)]);
        if (root is null) return;
        jobs[job] = new(root);
        isOn = true;
    }

    /// <summary>Batches are handed to an extractor.</summary>
    public void Issued(JobId job, ImmutableArray<BatchId> batches)
    {
        if (!isOn || !jobs.TryGetValue(job, out var followed)) return;
        foreach (var batch in batches)
        {
            var number = followed.Issued++;
            if (followed.Batches.ContainsKey(batch) || !(TraceSample.Takes(number) || followed.Troubled.ContainsKey(batch))) continue;
            if (Start(Batch, followed.Root.Context, default, [new("etl.batch.id", batch.ToString())]) is { } span) followed.Batches[batch] = span;
        }
    }

    /// <summary>Something is done with a batch from now on; the caller ends it. Null when the batch is not followed.</summary>
    public Activity? Begin(JobId job, BatchId batch, string name) => Find(job, batch) is { } span ? Start(name, span.Context, default, []) : null;

    /// <summary>Something was done with a batch from then until now.</summary>
    public void Done(JobId job, BatchId batch, string name, DateTimeOffset began, int? region = null)
    {
        if (Find(job, batch) is not { } span) return;
        Start(name, span.Context, began, region is { } ordinal ? [new("etl.region", ordinal)] : [])?.Stop();
    }

    /// <summary>Something was done with the job from then until now.</summary>
    public void Done(JobId job, string name, DateTimeOffset began, int exitCode)
    {
        if (!isOn || !jobs.TryGetValue(job, out var followed)) return;
        Stop(Start(name, followed.Root.Context, began, []), exitCode);
    }

    /// <summary>The batch is durable, and nothing more is done with it.</summary>
    public void Completed(JobId job, BatchId batch, DateTimeOffset began, long rows)
    {
        if (!isOn || !jobs.TryGetValue(job, out var followed) || !followed.Batches.TryRemove(batch, out var span)) return;
        Start(Commit, span.Context, began, [])?.Stop();
        span.SetTag("etl.rows", rows);
        span.Stop();
    }

    /// <summary>A stream has so many batches: those that were issued beyond its end never were any, and their spans are not told of.</summary>
    public void SplitEnded(JobId job, int split, int batches)
    {
        if (!isOn || !jobs.TryGetValue(job, out var followed)) return;
        foreach (var beyond in followed.Batches.Keys.Where(batch => batch.Split == split && batch.Ordinal >= batches))
        {
            if (!followed.Batches.TryRemove(beyond, out var span)) continue;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.Stop();
        }
    }

    /// <summary>A mapper crashed on a batch.</summary>
    public void Crashed(JobId job, Restart crash)
    {
        if (!isOn || !jobs.TryGetValue(job, out var followed)) return;
        followed.Trouble([crash.Batch]);
        followed.Tell("restart", new() { { "etl.actor", crash.Actor }, { ErrorType, TypeOf(crash.Cause) }, { "etl.batch.id", crash.Batch.ToString() }, { "etl.row", crash.Row } });
    }

    /// <summary>An actor without a batch failed.</summary>
    public void Failed(JobId job, ActorRestart failure)
    {
        if (isOn && jobs.TryGetValue(job, out var followed))
            followed.Tell("restart", new() { { "etl.actor", failure.Actor }, { ErrorType, TypeOf(failure.Cause) }, { "etl.batch.id", failure.Batch?.ToString() } });
    }

    /// <summary>Batches are to be issued again.</summary>
    public void Retried(JobId job, BatchSet batches, string reason)
    {
        if (!isOn || !jobs.TryGetValue(job, out var followed)) return;
        followed.Trouble(batches.Ids());
        followed.Tell("retry", new() { { "etl.batches", batches.Count }, { "etl.cause", reason } });
    }

    /// <summary>The job ended in this process.</summary>
    public void End(JobId job, int exitCode)
    {
        if (!isOn || !jobs.TryRemove(job, out var followed)) return;
        followed.Abandon();
        followed.Root.SetTag("etl.exit_code", exitCode);
        Stop(followed.Root, exitCode);
        if (jobs.IsEmpty) isOn = false;
    }

    /// <summary>The system has ended: what is still open is not finished.</summary>
    public void Close()
    {
        foreach (var followed in jobs.Values)
        {
            followed.Abandon();
            followed.Root.SetStatus(ActivityStatusCode.Error, "stopped; the next start resumes").Stop();
        }

        jobs.Clear();
        isOn = false;
    }

    /// <summary>What is done by a span failed; null: it did not. Of the exception its type alone: a text may quote input, and paths of the machine.</summary>
    public static void Stop(Activity? span, Exception? cause)
    {
        if (cause is not null) span?.SetStatus(ActivityStatusCode.Error).SetTag(ErrorType, cause.GetType().Name);
        span?.Stop();
    }

    // A cause is written as type and text.
    private static string TypeOf(string cause) => cause.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? cause[..end] : "_OTHER";

    private static void Stop(Activity? span, int exitCode)
    {
        if (exitCode != 0) span?.SetStatus(ActivityStatusCode.Error, FormattableString.Invariant($"exit code {exitCode}"));
        span?.Stop();
    }

    private Activity? Find(JobId job, BatchId batch) =>
        isOn && jobs.TryGetValue(job, out var followed) ? followed.Batches.GetValueOrDefault(batch) : null;

    // A span stays open across messages: it must not be the current one of whatever its thread does next.
    private Activity? Start(string name, ActivityContext parent, DateTimeOffset began, KeyValuePair<string, object?>[] tags)
    {
        var current = Activity.Current;
        Activity.Current = null;
        var span = source.StartActivity(name, ActivityKind.Internal, parent, tags, null, began);
        Activity.Current = current;
        return span;
    }

    private sealed class Followed(Activity root)
    {
        private int told;

        public Activity Root => root;

        public ConcurrentDictionary<BatchId, Activity> Batches { get; } = new();

        public ConcurrentDictionary<BatchId, byte> Troubled { get; } = new();

        // By the job's coordinator alone.
        public long Issued { get; set; }

        public void Trouble(IEnumerable<BatchId> batches)
        {
            foreach (var batch in batches)
            {
                if (Troubled.Count >= MostTroubled) return;
                Troubled[batch] = 0;
            }
        }

        public void Tell(string name, ActivityTagsCollection tags)
        {
            if (Interlocked.Increment(ref told) <= MostEvents) root.AddEvent(new(name, tags: tags));
        }

        public void Abandon()
        {
            foreach (var span in Batches.Values) span.SetStatus(ActivityStatusCode.Error, "not durable").Stop();
            Batches.Clear();
        }
    }
}
