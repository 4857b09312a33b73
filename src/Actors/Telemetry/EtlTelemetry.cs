using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Telemetry;

/// <summary>
/// What an actor system tells whoever measures it: instruments and spans of the base library, named as OpenTelemetry does. Nobody listens unless
/// asked to; then a call costs a comparison. What is counted is told of durable facts where there are any, so that counts agree with <c>run.json</c>.
/// Thread-safe.
/// </summary>
public sealed class EtlTelemetry : IExtension
{
    /// <summary>Name of the meter and of the source of spans.</summary>
    public const string Name = "Etl";

    internal const string KindTag = "etl.actor.kind";
    private const string StateTag = "etl.batch.state", OutcomeTag = "etl.row.outcome", RetryTag = "etl.retry.kind", ExitTag = "etl.exit_code";

    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly ConcurrentDictionary<object, Func<(long Used, long Limit)>> windows = new();
    private readonly Counter<long> rows, bytes, batches, restarts, retries, jobs;
    private readonly Histogram<double> writes, recoveries;

    private EtlTelemetry(ActorSystem system)
    {
        // Of this system, and told so: a process may hold several, as tests do.
        Meter = new(new MeterOptions(Name) { Version = JobPreparation.ProductVersion, Scope = system });
        Spans = new(Name, JobPreparation.ProductVersion);
        Traces = new(Spans);
        rows = Meter.CreateCounter<long>("etl.rows", "{row}", "Rows of batches that became durable, by what became of them");
        bytes = Meter.CreateCounter<long>("etl.bytes", "By", "Bytes of input that were read to be mapped, after decompression");
        batches = Meter.CreateCounter<long>("etl.batches", "{batch}", "Batches that were issued, that were mapped, and that became durable");
        restarts = Meter.CreateCounter<long>("etl.restarts", "{restart}", "Supervised failures of actors, as journaled by the jobs they concern");
        retries = Meter.CreateCounter<long>("etl.retries", "{retry}", "Batches that were issued again, reads and loads that were tried again");
        jobs = Meter.CreateCounter<long>("etl.jobs", "{job}", "Jobs that ended in this process, by exit code");
        writes = Meter.CreateHistogram("etl.journal.write.duration", "s", "From a decision to its events being durable, by actor", advice: Durations);
        recoveries = Meter.CreateHistogram("etl.recovery.duration", "s", "From a failure to its work being done again, by actor", advice: Durations);
        var tree = new TreeGauges(system);
        Meter.CreateObservableUpDownCounter("etl.mailbox.depth", tree.MailboxDepth, "{message}", "Messages that wait, by actor");
        Meter.CreateObservableUpDownCounter("etl.mapper_pool.size", tree.PoolSize, "{actor}", "Mappers that are alive");
        Meter.CreateObservableUpDownCounter("etl.credits.used", () => windows.Values.Sum(w => w().Used), "{batch}", "Batches being read or with mappers");
        Meter.CreateObservableUpDownCounter("etl.credits.limit", () => windows.Values.Sum(w => w().Limit), "{batch}", "Batches that may be so, of the splits under work");
        system.RegisterOnTermination(() =>
        {
            Traces.Close();
            Meter.Dispose();
        });
    }

    /// <summary>The instruments.</summary>
    public Meter Meter { get; }

    /// <summary>The source of spans.</summary>
    public ActivitySource Spans { get; }

    /// <summary>Jobs and batches that are followed.</summary>
    internal TraceBook Traces { get; }

    /// <summary>Of this system.</summary>
    public static EtlTelemetry Of(ActorSystem system) => system.WithExtension<EtlTelemetry, Provider>();

    /// <summary>A job's event is durable for the first time.</summary>
    public void Note(JobId job, JobEvent persisted)
    {
        switch (persisted)
        {
            case JobEvent.BatchesCompleted done:
                batches.Add(done.Batches.Count, Tag(StateTag, "durable"));
                NoteRows(done.Tally);
                break;
            case JobEvent.BatchCrashed crash:
                restarts.Add(1, Tag(KindTag, "mapper"));
                Traces.Crashed(job, crash.Restart);
                break;
            case JobEvent.ActorsRestarted failed:
                foreach (var one in failed.Restarts)
                {
                    restarts.Add(1, Tag(KindTag, ActorKind.Of(one.Actor)));
                    // What was made good before the failure was written is told with it.
                    if (one.RecoveredAfter is { } after) recoveries.Record(after.TotalSeconds, Tag(KindTag, ActorKind.Of(one.Actor)));
                    Traces.Failed(job, one);
                }

                break;
            case JobEvent.Recovered recovered when recoveries.Enabled:
                foreach (var one in recovered.Recoveries) recoveries.Record(one.After.TotalSeconds, Tag(KindTag, ActorKind.Of(one.Actor)));
                break;
            case JobEvent.SplitEnded ended:
                Traces.SplitEnded(job, ended.Split, ended.Batches);
                break;
            case JobEvent.BatchesRetried retried:
                retries.Add(retried.Batches.Count, Tag(RetryTag, "batch"));
                Traces.Retried(job, retried.Batches, retried.Reason);
                break;
        }
    }

    /// <summary>So many batches were handed to an extractor.</summary>
    public void Issued(JobId job, ImmutableArray<BatchId> issued)
    {
        batches.Add(issued.Length, Tag(StateTag, "issued"));
        Traces.Issued(job, issued);
    }

    /// <summary>A batch was mapped, be it again.</summary>
    public void Mapped() => batches.Add(1, Tag(StateTag, "mapped"));

    /// <summary>So many bytes of input were read.</summary>
    public void Read(long count) => bytes.Add(count);

    /// <summary>A read (<c>read</c>) or a load (<c>load</c>) is tried again.</summary>
    public void TriedAgain(string kind) => retries.Add(1, Tag(RetryTag, kind));

    /// <summary>A job ended in this process.</summary>
    public void Ended(JobId job, int exitCode)
    {
        jobs.Add(1, Tag(ExitTag, exitCode));
        Traces.End(job, exitCode);
    }

    /// <summary>A write begins; what <see cref="Wrote"/> takes.</summary>
    public long BeginWrite() => writes.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>What began then is durable.</summary>
    public void Wrote(long began, ActorPath actor)
    {
        if (began != 0) writes.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Tag(KindTag, ActorKind.Of(actor)));
    }

    /// <summary>An extractor's window is looked at from now on: how many of its credits are used, and how many there are.</summary>
    /// <param name="window">Called by other threads than the actor's.</param>
    public void Watch(object extractor, Func<(long Used, long Limit)> window) => windows[extractor] = window;

    /// <summary>It is no more.</summary>
    public void Unwatch(object extractor) => windows.TryRemove(extractor, out _);

    // The terms of the count equation as far as batches know them: which records are superseded, only the report tells.
    private void NoteRows(BatchTally tally)
    {
        if (!rows.Enabled) return;
        rows.Add(tally.Records, Tag(OutcomeTag, "record"));
        rows.Add(tally.Missing, Tag(OutcomeTag, "missing"));
        rows.Add(tally.Aggregates, Tag(OutcomeTag, "aggregate"));
        rows.Add(tally.Quarantined, Tag(OutcomeTag, "quarantined"));
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    private sealed class Provider : ExtensionIdProvider<EtlTelemetry>
    {
        public override EtlTelemetry CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
