using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Telemetry;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Chaos;
using Etl.Domain.Map;

namespace Etl.Actors.Extract;

/// <summary>
/// Reads one split and feeds its batches to the mapper pool as fast as mappers give credit back, never faster: at most
/// <c>etl.extract.window</c> batches are being read or with mappers, whatever the mailbox sizes. Which batches, the coordinator says. Everything that
/// blocks runs in tasks whose results come back as messages.
/// </summary>
public sealed partial class ExtractorActor(SplitReader reader, IActorRef mappers, IActorRef jobs, ExtractSettings settings) : ReportingActor, IWithTimers
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ChaosMonkey chaos = ChaosMonkey.Of(Context.System);
    private readonly EtlTelemetry telemetry = EtlTelemetry.Of(Context.System);
    private Work? work;
    private ImmutableSortedSet<BatchId> waiting = [];
    private ImmutableHashSet<BatchId> reading = [];
    private ImmutableDictionary<BatchId, LentBatch?> atMappers = ImmutableDictionary<BatchId, LentBatch?>.Empty;
    private bool mappersMove;
    private ImmutableDictionary<BatchId, Caution> cautions = ImmutableDictionary<BatchId, Caution>.Empty;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(SplitReader reader, IActorRef mappers, IActorRef jobs, ExtractSettings settings) =>
        Akka.Actor.Props.Create(() => new ExtractorActor(reader, mappers, jobs, settings));

    /// <inheritdoc />
    protected override void PreStart() => telemetry.Watch(Self, () => (reading.Count + atMappers.Count, settings.Window));

    /// <inheritdoc />
    protected override void PostStop()
    {
        telemetry.Unwatch(Self);
        stopping.Cancel();
        stopping.Dispose();
        foreach (var lent in atMappers.Values) lent?.Abandon();
        work?.Feed?.Dispose();
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ExtractProtocol.ExtractSplit extract:
                work?.Feed?.Dispose();
                work = new(extract, Sender, null);
                (waiting, reading, atMappers) = ([], [], ImmutableDictionary<BatchId, LentBatch?>.Empty);
                Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, settings.Beat);
                ReadSplit(extract, 1);
                break;
            case Beat when work is not null:
                TellHeld();
                break;
            case TryAgain again when work?.Request == again.Request:
                telemetry.TriedAgain("read");
                if (again.Batch is { } batch) ReadBatch(batch, again.Attempt);
                else ReadSplit(again.Request, again.Attempt);
                break;
            case SplitDone done when work?.Request == done.Request:
                Finish(done);
                break;
            case BatchRead read when work?.Request == read.Request && reading.Contains(read.Batch):
                reading = reading.Remove(read.Batch);
                Map(read);
                Feed();
                break;
            case BatchRead { Item: FeedItem.Bytes late }:
                late.Lent.Return();
                break;
            case Failed failed when work?.Request == failed.Request:
                FailOrTryAgain(failed);
                break;
            case ExtractProtocol.IssueBatches issue when work is not null:
                // A coordinator that recovered knows the plan, and may issue before the split is read again: they wait.
                // Being issued again is what gives a credit back that was lost with its mapper, who may still read its buffer.
                waiting = waiting.Union(issue.Batches.Ids().Where(id => !reading.Contains(id)));
                foreach (var id in issue.Batches.Ids().Where(atMappers.ContainsKey)) atMappers[id]?.Abandon();
                atMappers = atMappers.RemoveRange(issue.Batches.Ids());
                cautions = cautions.SetItems(issue.Cautions.Select(c => KeyValuePair.Create(c.Batch, c.Caution)));
                Feed();
                break;
            case MapProtocol.BatchDone credit:
                mappersMove = true;
                MadeGood(credit.Batch);
                atMappers = atMappers.Remove(credit.Batch);
                Feed();
                break;
            case MapProtocol.BatchUnreadable unreadable when work is not null && atMappers.ContainsKey(unreadable.Batch):
                atMappers = atMappers.Remove(unreadable.Batch);
                reading = reading.Add(unreadable.Batch);
                FailOrTryAgain(new(work.Request, unreadable.Batch, unreadable.Attempt, unreadable.Cause));
                Feed();
                break;
            case MapProtocol.BatchUnreadable:
                break;
            case MapProtocol.BatchRefused refused when work is not null:
                Refuse(refused.Refusal);
                break;
            case Located located when work?.Request == located.Request:
                Tell(located.Request, 1, located.Text);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void ReadSplit(ExtractProtocol.ExtractSplit request, int attempt) =>
        reader.ReadAsync(request.Spec, request.Split, stopping.Token).PipeTo(
            Self,
            success: read => new SplitDone(request, read),
            failure: cause => new Failed(request, null, attempt, cause));

    private void ReadBatch(BatchId batch, int attempt)
    {
        var (request, feed, began) = (work!.Request, work.Feed!, telemetry.Traces.Now);
        if (chaos.IsOn && chaos.Strikes(ChaosKind.ExtractorIo, $"{request.Job} {batch}"))
        {
            Self.Tell(new Failed(request, batch, attempt, new ChaosException($"extractor-io at batch {batch}")));
            return;
        }

        feed.ReadAsync(batch.Ordinal, stopping.Token).PipeTo(
            Self,
            success: item => new BatchRead(request, batch, attempt, item, began),
            failure: cause => new Failed(request, batch, attempt, cause));
    }

    private void Finish(SplitDone done)
    {
        var (request, rows) = (done.Request, done.Reading as SplitReading.Rows);
        if (done.Reading is SplitReading.Refused refused)
        {
            Tell(request, refused.ExitCode, refused.Reason);
            return;
        }

        // Of a file, its batches count their bytes.
        if (rows is not null) telemetry.Read(request.Input.Bytes);
        MadeGood(null);
        work = work! with { Feed = reader.FeedOf(request.Spec, done.Reading) };
        var (batches, choice) = done.Reading is SplitReading.Records records
            ? (records.Batches, records.Choice) : (RowBatches.Count(rows!.Items.Length, request.Spec.BatchRows), rows.Choice);
        work.Coordinator.Tell(new ExtractProtocol.SplitRead(request.Job, request.Split, batches, choice));
        Feed();
    }

    private void Feed()
    {
        while (work?.Feed is { } feed && !waiting.IsEmpty && reading.Count < feed.ReadsAtOnce && reading.Count + atMappers.Count < settings.Window)
        {
            var next = waiting[0];
            waiting = waiting.Remove(next);
            reading = reading.Add(next);
            ReadBatch(next, 1);
        }
    }

    // What waits here, or for the source, is not lost however slow that is. What is with mappers is taken for lost when none of it comes back.
    private void TellHeld()
    {
        var held = waiting.Concat(reading).Concat(mappersMove ? atMappers.Keys : []).ToArray();
        mappersMove = false;
        if (held.Length > 0) work!.Coordinator.Tell(new ExtractProtocol.BatchesHeld(work.Request.Job, BatchSet.Of(held)));
    }

    private void Map(BatchRead read)
    {
        var (job, coordinator, batch) = (work!.Request.Job, work.Coordinator, read.Batch);
        if (read.Item is not FeedItem.End) telemetry.Traces.Done(job, batch, TraceBook.Extract, read.Began);
        switch (read.Item)
        {
            case FeedItem.Rows rows:
                atMappers = atMappers.Add(batch, null);
                mappers.Tell(new MapProtocol.MapBatch(job, batch, rows.Items, rows.Plan, coordinator) { Caution = cautions.GetValueOrDefault(batch) });
                break;
            case FeedItem.Bytes bytes:
                atMappers = atMappers.Add(batch, bytes.Lent);
                if (bytes.Position is { } position) coordinator.Tell(new ExtractProtocol.StreamRead(job, batch.Split, position));
                mappers.Tell(new MapProtocol.MapBytes(job, batch, bytes.Lent, bytes.Plan, coordinator, read.Attempt)
                {
                    Caution = cautions.GetValueOrDefault(batch),
                });
                break;
            case FeedItem.End end:
                MadeGood(batch);
                waiting = waiting.Except(waiting.Where(b => b.Ordinal >= end.Batches));
                coordinator.Tell(new ExtractProtocol.SplitEnded(job, work.Request.Split, end.Batches));
                break;
        }
    }

    private sealed class Beat : ILocalMessage, INotInfluenceReceiveTimeout
    {
        public static readonly Beat Instance = new();
    }

    private sealed record Work(ExtractProtocol.ExtractSplit Request, IActorRef Coordinator, IBatchFeed? Feed);

    // Completions carry the request they belong to: a late one of an earlier request is dropped.
    private sealed record SplitDone(ExtractProtocol.ExtractSplit Request, SplitReading Reading) : ILocalMessage;

    private sealed record BatchRead(ExtractProtocol.ExtractSplit Request, BatchId Batch, int Attempt, FeedItem Item, DateTimeOffset Began) : ILocalMessage;
}
