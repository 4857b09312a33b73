using System.Diagnostics;
using Etl.Domain.Jobs;

namespace Etl.Domain.Reduce;

/// <summary>One batch's contribution to a region, as a mapper offers it.</summary>
public sealed record PartialOffer(BatchId Batch, PartialAggregate Partial);

/// <summary>
/// What a region's journal holds. These are storage formats: they change only by a new version of their manifest. Closed.
/// </summary>
public abstract record RegionEvent
{
    private RegionEvent() { }

    /// <summary>A group of batches was added to a region, at once and for good.</summary>
    /// <param name="Batches">The batches that are in <paramref name="Delta"/>, none of which was merged before.</param>
    /// <param name="Delta">Their combined partials.</param>
    public sealed record PartialsMerged(BatchSet Batches, PartialAggregate Delta) : RegionEvent;

    /// <summary>
    /// All there is, in one event: it takes the place of every event before it, which may be deleted. Of a job that is forgotten, nothing.
    /// </summary>
    public sealed record RegionCompacted(BatchSet Merged, PartialAggregate Total) : RegionEvent;
}

/// <summary>What a region's reducer knows: which batches it has, and their total.</summary>
/// <param name="Events">How many events it is made of since the last one that held all: what a replay reads.</param>
public sealed record RegionState(BatchSet Merged, PartialAggregate Total, int Events)
{
    /// <summary>Nothing merged yet.</summary>
    public static RegionState Initial { get; } = new(BatchSet.Empty, PartialAggregate.Empty, 0);
}

/// <summary>A region's reduction: exactly once per batch, in groups of any size. Pure.</summary>
public static class RegionReduction
{
    /// <summary>
    /// Combines the offers whose batch is not merged yet into one event. Offers may repeat and come in any order; a batch offered twice
    /// counts once, because a batch's partial is a function of the batch.
    /// </summary>
    /// <param name="compactAfter">Every so many events the event holds all there is (<see cref="RegionGroup.Close"/>).</param>
    public static Decision<RegionEvent, string> Decide(
        RegionState state, IReadOnlyCollection<PartialOffer> offers, int compactAfter = int.MaxValue)
    {
        var group = new RegionGroup();
        foreach (var offer in offers) group.Add(state, offer);
        return group.Close(state, compactAfter);
    }

    /// <summary>The end of a region whose job is over: nothing is left of it, in few bytes.</summary>
    public static Decision<RegionEvent, string> Forget(RegionState state) =>
        state.Merged.Count == 0 && state.Total.Entries.IsEmpty
            ? new Decision<RegionEvent, string>.AlreadyDone()
            : new Decision<RegionEvent, string>.Accepted([new RegionEvent.RegionCompacted(BatchSet.Empty, PartialAggregate.Empty)]);

    /// <summary>The state after an event.</summary>
    public static RegionState Evolve(RegionState state, RegionEvent @event) => @event switch
    {
        RegionEvent.PartialsMerged e =>
            new(BatchSet.Combine(state.Merged, e.Batches), PartialAggregate.Combine(state.Total, e.Delta), state.Events + 1),
        RegionEvent.RegionCompacted e => new(e.Merged, e.Total, 0),
        _ => throw new UnreachableException(@event.GetType().Name),
    };

    /// <summary>The state after all of <paramref name="events"/>.</summary>
    public static RegionState Fold(RegionState origin, IEnumerable<RegionEvent> events) => events.Aggregate(origin, Evolve);
}
