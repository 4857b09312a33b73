using System.Diagnostics;
using Akka.Actor;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Actors.Telemetry;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Chaos;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;
using Etl.Domain.Supervision;

namespace Etl.Actors.Map;

/// <summary>
/// A routee of the mapper pool: maps a whole batch, combines it per region, and only then sends anything. Synchronous on purpose: a
/// resizer does not act on routees that await. A crash gives the batch back with the row it was at.
/// </summary>
public sealed class MapperActor : UntypedActor, IWithTimers
{
    private readonly IActorRef reducers;
    private readonly FaultPoints faults;
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(200);
    private readonly RowCursor cursor;
    // Its tables are filled by the first batch and used by the next: one per mapper.
    private FileBatchMapper? files;
    private readonly PieceBuffer buffer = new();
    private readonly ChaosMonkey chaos = ChaosMonkey.Of(Context.System);
    private readonly EtlTelemetry telemetry = EtlTelemetry.Of(Context.System);
    private IActorRef extractor = ActorRefs.Nobody;
    private Activity? span;

    /// <summary>A mapper that sends its partials to <paramref name="reducers"/>.</summary>
    public MapperActor(IActorRef reducers, FaultPoints faults)
    {
        this.reducers = reducers;
        this.faults = faults;
        cursor = new(faults.Rows);
    }

    /// <summary>Recipe; the same for all routees and restarts, so it holds nothing mutable.</summary>
    public static Props Props(IActorRef reducers, FaultPoints faults) => Akka.Actor.Props.Create(() => new MapperActor(reducers, faults));

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        extractor = Sender;
        switch (message)
        {
            case MapProtocol.MapBatch batch when IsLate(batch.Job, batch.Batch):
            case MapProtocol.MapBytes bytes when IsLate(bytes.Job, bytes.Batch):
                // Only the batch waits: it comes again.
                Timers.StartSingleTimer(message, new Late(message, Sender), Lateness);
                break;
            case Late late:
                Self.Tell(late.Message, late.Sender);
                break;
            case MapProtocol.MapBatch batch:
                span = telemetry.Traces.Begin(batch.Job, batch.Batch, TraceBook.Map);
                Pass(batch.Job, batch.Batch, batch.Caution);
                Shuffle(
                    batch.Job, batch.Batch, BatchMapper.Map(batch.Rows, batch.Plan, cursor, batch.Caution), null, batch.Caution?.Probe, batch.Coordinator);
                break;
            case MapProtocol.MapBytes batch:
                span = telemetry.Traces.Begin(batch.Job, batch.Batch, TraceBook.Map);
                Pass(batch.Job, batch.Batch, batch.Caution);
                Map(batch);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    /// <remarks>Where a crash ends the system, no routee restarts, and nothing else would tell of the batch.</remarks>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception cause) when (SupervisionPolicy.Told(Context.System, SupervisedActor.Mapper.Name, cause) == ActorRestart.Escalated)
        {
            EndSpan(cause);
            var (batch, coordinator) = message switch
            {
                MapProtocol.MapBatch rows => (rows.Batch, rows.Coordinator),
                MapProtocol.MapBytes bytes => (bytes.Batch, bytes.Coordinator),
                _ => ((BatchId?)null, ActorRefs.Nobody),
            };
            coordinator.Tell(new SupervisionProtocol.NoteRestarts(
                [SupervisionProtocol.RestartOf(Self, cause, ActorRestart.Escalated) with { Batch = batch, Row = cursor.Position }]));
            SupervisionProtocol.MarkTold(cause);
            throw;
        }
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        EndSpan(reason);
        switch (message)
        {
            case MapProtocol.MapBatch batch:
                GiveBack(batch.Job, batch.Batch, batch.Caution?.Probe, batch.Coordinator, reason);
                break;
            case MapProtocol.MapBytes batch:
                batch.Bytes.Return();
                GiveBack(batch.Job, batch.Batch, batch.Caution?.Probe, batch.Coordinator, reason);
                break;
        }

        base.PreRestart(reason, message);
    }

    private bool IsLate(JobId job, BatchId batch) => chaos.IsOn && chaos.Strikes(ChaosKind.SlowBatch, $"{job} {batch}");

    private void Pass(JobId job, BatchId batch, Caution? caution)
    {
        // A batch that is under suspicion already is left alone: what is found out about it must be true.
        if (caution is null && chaos.IsOn) chaos.Pass(ChaosKind.MapperCrash, job, $"batch {batch}");
        faults.Pass("map-batch");
        if (caution?.Probe is not null) faults.Pass("map-probe");
    }

    private void Map(MapProtocol.MapBytes batch)
    {
        files ??= new();
        FileBatch mapped;
        try
        {
            mapped = files.Map(batch.Bytes.Pieces(buffer), batch.Plan, cursor, batch.Caution);
        }
        catch (BatchUnreadableException unreadable)
        {
            // No fault of this actor, so no restart: whoever knows the file decides.
            EndSpan(unreadable.InnerException);
            batch.Bytes.Return();
            extractor.Tell(new MapProtocol.BatchUnreadable(batch.Job, batch.Batch, batch.Attempt, unreadable.InnerException!));
            return;
        }

        telemetry.Read(batch.Bytes.Length);
        batch.Bytes.Return();
        switch (mapped)
        {
            case FileBatch.Mapped done:
                Shuffle(batch.Job, batch.Batch, done.Batch, done.Lines, batch.Caution?.Probe, batch.Coordinator);
                break;
            case FileBatch.Refused refused:
                EndSpan(null);
                extractor.Tell(new MapProtocol.BatchRefused(batch.Job, batch.Batch, refused));
                break;
        }
    }

    private void Shuffle(JobId job, BatchId batch, MappedBatch mapped, long? lines, RowRange? probe, IActorRef coordinator)
    {
        EndSpan(null);
        if (probe is not null)
        {
            // A part of a batch: that it did not crash is all that is wanted of it.
            extractor.Tell(new MapProtocol.BatchDone(job, batch));
            coordinator.Tell(new MapProtocol.ProbePassed(job, batch, probe));
            return;
        }

        telemetry.Mapped();
        foreach (var part in mapped.Partials)
            reducers.Tell(new ReduceProtocol.MergePartial(job, part.Region, batch, part.Partial, coordinator));
        coordinator.Tell(new MapProtocol.BatchMapped(job, batch, mapped.Tally, mapped.Partials.Select(p => p.Region).ToEquatableArray())
        {
            Lines = lines,
        });
        extractor.Tell(new MapProtocol.BatchDone(job, batch));
    }

    private void EndSpan(Exception? cause)
    {
        TraceBook.Stop(span, cause);
        span = null;
    }

    // The credit first: the batch may be issued again as soon as the coordinator knows.
    private void GiveBack(JobId job, BatchId batch, RowRange? probe, IActorRef coordinator, Exception reason)
    {
        extractor.Tell(new MapProtocol.BatchDone(job, batch));
        coordinator.Tell(new MapProtocol.BatchCrashed(
            job, batch, cursor.Position, Self.Path.ToStringWithoutAddress(), $"{reason.GetType().Name}: {reason.Message}",
            nameof(Directive.Restart))
        {
            Probe = probe,
        });
    }

    private sealed record Late(object Message, IActorRef Sender) : ILocalMessage;
}
