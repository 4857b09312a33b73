using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain;
using Etl.Domain.Map;

namespace Etl.Actors.Map;

/// <summary>
/// A routee of the mapper pool: maps a whole batch, combines it per region, and only then sends anything. Synchronous on purpose: a
/// resizer does not act on routees that await. A crash gives the batch back with the row it was at.
/// </summary>
public sealed class MapperActor : UntypedActor
{
    private readonly IActorRef reducers;
    private readonly FaultPoints faults;
    private readonly RowCursor cursor = new();
    private IActorRef extractor = ActorRefs.Nobody;

    /// <summary>A mapper that sends its partials to <paramref name="reducers"/>.</summary>
    public MapperActor(IActorRef reducers, FaultPoints faults)
    {
        this.reducers = reducers;
        this.faults = faults;
    }

    /// <summary>Recipe; the same for all routees and restarts, so it holds nothing mutable.</summary>
    public static Props Props(IActorRef reducers, FaultPoints faults) => Akka.Actor.Props.Create(() => new MapperActor(reducers, faults));

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        if (message is not MapProtocol.MapBatch batch)
        {
            Unhandled(message);
            return;
        }

        extractor = Sender;
        faults.Pass("map-batch");
        var mapped = BatchMapper.Map(batch.Rows, batch.Plan, cursor);
        foreach (var part in mapped.Partials)
            reducers.Tell(new ReduceProtocol.MergePartial(batch.Job, part.Region, batch.Batch, part.Partial, batch.Coordinator));
        batch.Coordinator.Tell(new MapProtocol.BatchMapped(
            batch.Job, batch.Batch, mapped.Tally, mapped.Partials.Select(p => p.Region).ToEquatableArray()));
        extractor.Tell(new MapProtocol.BatchDone(batch.Job, batch.Batch));
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        if (message is MapProtocol.MapBatch batch)
        {
            batch.Coordinator.Tell(new MapProtocol.BatchCrashed(
                batch.Job, batch.Batch, cursor.Position, Self.Path.ToStringWithoutAddress(), $"{reason.GetType().Name}: {reason.Message}",
                nameof(Directive.Restart)));
            extractor.Tell(new MapProtocol.BatchDone(batch.Job, batch.Batch));
        }

        base.PreRestart(reason, message);
    }
}
