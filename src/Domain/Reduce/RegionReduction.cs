using Etl.Domain.Jobs;

namespace Etl.Domain.Reduce;

/// <summary>One batch's contribution to a region, as a mapper offers it.</summary>
public sealed record PartialOffer(BatchId Batch, PartialAggregate Partial);

/// <summary>
/// A group of batches was added to a region, at once and for good. This is a storage format: it changes only by a new version of its
/// manifest.
/// </summary>
/// <param name="Batches">The batches that are in <paramref name="Delta"/>, none of which was merged before.</param>
/// <param name="Delta">Their combined partials.</param>
public sealed record PartialsMerged(BatchSet Batches, PartialAggregate Delta);

/// <summary>What a region's reducer knows: which batches it has, and their total.</summary>
public sealed record RegionState(BatchSet Merged, PartialAggregate Total)
{
    /// <summary>Nothing merged yet.</summary>
    public static RegionState Initial { get; } = new(BatchSet.Empty, PartialAggregate.Empty);
}

/// <summary>A region's reduction: exactly once per batch, in groups of any size. Pure.</summary>
public static class RegionReduction
{
    /// <summary>
    /// Combines the offers whose batch is not merged yet into one event. Offers may repeat and come in any order; a batch offered twice
    /// counts once, because a batch's partial is a function of the batch.
    /// </summary>
    public static Decision<PartialsMerged, string> Decide(RegionState state, IReadOnlyCollection<PartialOffer> offers)
    {
        var batches = new HashSet<BatchId>();
        var delta = PartialAggregate.Empty;
        foreach (var offer in offers)
        {
            if (state.Merged.Contains(offer.Batch) || !batches.Add(offer.Batch)) continue;
            delta = PartialAggregate.Combine(delta, offer.Partial);
        }

        return batches.Count == 0
            ? new Decision<PartialsMerged, string>.AlreadyDone()
            : new Decision<PartialsMerged, string>.Accepted([new(BatchSet.Of(batches), delta)]);
    }

    /// <summary>The state after an event.</summary>
    public static RegionState Evolve(RegionState state, PartialsMerged @event) =>
        new(BatchSet.Combine(state.Merged, @event.Batches), PartialAggregate.Combine(state.Total, @event.Delta));

    /// <summary>The state after all of <paramref name="events"/>.</summary>
    public static RegionState Fold(RegionState origin, IEnumerable<PartialsMerged> events) => events.Aggregate(origin, Evolve);
}
