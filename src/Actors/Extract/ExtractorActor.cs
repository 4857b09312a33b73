using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Extract;

/// <summary>
/// Reads one split and feeds its batches to the mapper pool as fast as mappers give credit back, never faster: at most
/// <c>window</c> batches are with mappers, whatever the mailbox sizes. Which batches, the coordinator says.
/// </summary>
public sealed class ExtractorActor(SplitReader reader, IActorRef mappers, int window) : UntypedActor, IWithTimers
{
    private const int MaxAttempts = 5;

    private readonly CancellationTokenSource stopping = new();
    private Work? work;
    private ImmutableSortedSet<BatchId> waiting = [];
    private ImmutableHashSet<BatchId> atMappers = [];

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(SplitReader reader, IActorRef mappers, int window) =>
        Akka.Actor.Props.Create(() => new ExtractorActor(reader, mappers, window));

    /// <inheritdoc />
    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ExtractProtocol.ExtractSplit extract:
                work = new(extract, Sender, null, []);
                (waiting, atMappers) = ([], []);
                Read(extract, 1);
                break;
            case TryAgain again when work?.Request == again.Request:
                Read(again.Request, again.Attempt);
                break;
            case ReadDone done when work?.Request == done.Request:
                Finish(done);
                break;
            case ExtractProtocol.IssueBatches issue when work is not null:
                // A coordinator that recovered knows the plan, and may issue before the split is read again: they wait.
                // Being issued again is what gives a credit back that was lost with its mapper.
                waiting = waiting.Union(issue.Batches.Ids());
                atMappers = atMappers.Except(issue.Batches.Ids());
                Feed();
                break;
            case MapProtocol.BatchDone credit:
                atMappers = atMappers.Remove(credit.Batch);
                Feed();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Read(ExtractProtocol.ExtractSplit request, int attempt) =>
        reader.ReadAsync(request.Spec, request.Split, stopping.Token).PipeTo(
            Self,
            success: reading => new ReadDone(request, attempt, reading, null),
            failure: cause => new ReadDone(request, attempt, null, cause));

    private void Finish(ReadDone done)
    {
        switch (done)
        {
            case { Reading: SplitReading.Rows rows }:
                var request = done.Request;
                work = work! with { Plan = reader.PlanOf(request.Spec, rows.Choice), Rows = rows.Items };
                work.Coordinator.Tell(new ExtractProtocol.SplitRead(
                    request.Job, request.Split, RowBatches.Count(rows.Items.Length, request.Spec.BatchRows), rows.Choice));
                Feed();
                break;
            case { Reading: SplitReading.Refused refused }:
                Fail(done.Request, refused.ExitCode, refused.Reason);
                break;
            // Canceled by another extractor that shared the reading and was stopped: this one was not, or it would not be told.
            case { Cause: IOException or TimeoutException or OperationCanceledException } when done.Attempt < MaxAttempts:
                // Jitter keeps extractors that failed together from coming back together.
                var wait = TimeSpan.FromMilliseconds(200 * Math.Pow(2, done.Attempt) * (0.8 + (0.4 * Random.Shared.NextDouble())));
                Timers.StartSingleTimer(nameof(TryAgain), new TryAgain(done.Request, done.Attempt + 1), wait);
                break;
            case { Cause: IOException or UnauthorizedAccessException or TimeoutException }:
                Fail(done.Request, 74, $"{done.Request.Input.Label} cannot be read: {done.Cause.Message}");
                break;
            default:
                Fail(done.Request, 1, $"{done.Request.Input.Label} cannot be read: {done.Cause?.Message}");
                break;
        }
    }

    private void Fail(ExtractProtocol.ExtractSplit request, int exitCode, string reason) =>
        work!.Coordinator.Tell(new ExtractProtocol.SplitFailed(request.Job, request.Split, exitCode, reason));

    private void Feed()
    {
        while (work?.Plan is { } plan && atMappers.Count < window && !waiting.IsEmpty)
        {
            var next = waiting[0];
            waiting = waiting.Remove(next);
            atMappers = atMappers.Add(next);
            var rows = RowBatches.Slice(work.Rows, next.Ordinal, work.Request.Spec.BatchRows);
            mappers.Tell(new MapProtocol.MapBatch(work.Request.Job, next, rows, plan, work.Coordinator));
        }
    }

    private sealed record Work(
        ExtractProtocol.ExtractSplit Request, IActorRef Coordinator, MapPlan? Plan, ImmutableArray<RawRow> Rows);

    // Completions carry the request they belong to: a late one of an earlier request is dropped.
    private sealed record ReadDone(ExtractProtocol.ExtractSplit Request, int Attempt, SplitReading? Reading, Exception? Cause) : ILocalMessage;

    private sealed record TryAgain(ExtractProtocol.ExtractSplit Request, int Attempt) : ILocalMessage;
}
