using Etl.Domain.Jobs;

namespace Etl.Domain.Reduce;

/// <summary>
/// The offers that wait for a region's next write, combined as they come: a region's memory does not grow with the number of batches that
/// wait. Volatile, and lost in a crash on purpose: what is in it was not acknowledged.
/// </summary>
/// <remarks>It changes in place, because of <see cref="PartialSum"/>; one actor owns it.</remarks>
public sealed class RegionGroup
{
    private readonly HashSet<BatchId> batches = [];
    private readonly PartialSum delta = new();

    /// <summary>Adds an offer, unless its batch is merged already or waits here already.</summary>
    public void Add(RegionState durable, PartialOffer offer)
    {
        if (!durable.Merged.Contains(offer.Batch) && batches.Add(offer.Batch)) delta.Add(offer.Partial);
    }

    /// <summary>
    /// The group as one event, when there is anything new in it; the group begins anew. When it would be the
    /// <paramref name="compactAfter"/>-th since the last that did, the event holds all there is instead of what is new: the older ones are
    /// superfluous with it, and the journal of a long job stays as small as that of a short one.
    /// </summary>
    public Decision<RegionEvent, string> Close(RegionState durable, int compactAfter)
    {
        if (batches.Count == 0) return new Decision<RegionEvent, string>.AlreadyDone();
        var merged = new RegionEvent.PartialsMerged(BatchSet.Of(batches), delta.Take());
        batches.Clear();
        if (durable.Events + 1 < compactAfter) return new Decision<RegionEvent, string>.Accepted([merged]);
        var all = RegionReduction.Evolve(durable, merged);
        return new Decision<RegionEvent, string>.Accepted([new RegionEvent.RegionCompacted(all.Merged, all.Total)]);
    }
}
