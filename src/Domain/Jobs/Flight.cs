using System.Collections.Immutable;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>A batch under way.</summary>
/// <param name="Tally">Set when it is mapped.</param>
/// <param name="Regions">The regions its partials went to; known when it is mapped.</param>
/// <param name="Acked">The regions that hold its partial durably. May run ahead of the mapping report.</param>
/// <param name="Deadline">When it is owed again.</param>
public sealed record InFlight(
    BatchTally? Tally, ImmutableSortedSet<int> Regions, ImmutableSortedSet<int> Acked, DateTimeOffset Deadline)
{
    /// <summary>Lines of a batch of a file; known when it is mapped.</summary>
    public long? Lines { get; init; }

    /// <summary>After how many rounds without progress it was issued.</summary>
    public int Round { get; init; }

    /// <summary>True when every partial is durable.</summary>
    public bool Settled => Tally is not null && Regions.IsSubsetOf(Acked);
}

/// <summary>A batch whose every partial is durable.</summary>
public sealed record SettledBatch(BatchTally Tally, ImmutableSortedSet<int> Regions)
{
    /// <summary>Lines of a batch of a file; null for a batch of a page.</summary>
    public long? Lines { get; init; }
}

/// <summary>
/// The volatile half of a job: which batches are under way and what they wait for. Lost in a crash, on purpose; an immutable value of
/// ids, never a bare counter. Pure: the clock comes in as an argument.
/// </summary>
public sealed record Flight(ImmutableSortedDictionary<BatchId, InFlight> Batches)
{
    /// <summary>Nothing under way.</summary>
    public static Flight Empty { get; } = new(ImmutableSortedDictionary<BatchId, InFlight>.Empty);

    /// <summary>How many batches are under way.</summary>
    public int Count => Batches.Count;

    /// <summary>Their ids.</summary>
    public BatchSet Ids => BatchSet.Of(Batches.Keys);

    /// <summary>True when nothing waits for a mapper: what is left waits for reducers to write.</summary>
    public bool AllMapped => Batches.Values.All(b => b.Tally is not null);

    /// <summary>The regions that still owe an ack for a mapped batch.</summary>
    public ImmutableSortedSet<int> WaitingFor =>
        [.. Batches.Values.Where(b => b.Tally is not null).SelectMany(b => b.Regions.Except(b.Acked))];

    /// <summary>These batches were handed to an extractor.</summary>
    /// <param name="round">How many rounds without progress there were before.</param>
    public Flight Issue(IEnumerable<BatchId> batches, DateTimeOffset deadline, int round = 0) =>
        new(Batches.SetItems(batches.Select(id => KeyValuePair.Create(id, new InFlight(null, [], [], deadline) { Round = round }))));

    /// <summary>An extractor has these batches in hand: those that are not mapped yet have until then.</summary>
    public Flight Extend(BatchSet held, DateTimeOffset deadline)
    {
        var changed = Batches.Where(b => b.Value.Tally is null && b.Value.Deadline < deadline && held.Contains(b.Key))
            .Select(b => KeyValuePair.Create(b.Key, b.Value with { Deadline = deadline })).ToArray();
        return changed.Length == 0 ? this : new(Batches.SetItems(changed));
    }

    /// <summary>A mapper finished a batch. Unknown batches (late, completed) are ignored.</summary>
    public Flight Mapped(BatchId batch, BatchTally tally, IEnumerable<int> regions, long? lines = null) =>
        Batches.TryGetValue(batch, out var known)
            ? new(Batches.SetItem(batch, known with { Tally = tally, Regions = [.. regions], Lines = lines })) : this;

    /// <summary>A reducer holds these batches durably.</summary>
    public Flight Ack(int region, BatchSet acked)
    {
        var changed = Batches.Where(b => acked.Contains(b.Key) && !b.Value.Acked.Contains(region))
            .Select(b => KeyValuePair.Create(b.Key, b.Value with { Acked = b.Value.Acked.Add(region) })).ToArray();
        return changed.Length == 0 ? this : new(Batches.SetItems(changed));
    }

    /// <summary>The batches that are done.</summary>
    public ImmutableSortedDictionary<BatchId, SettledBatch> Settled =>
        Batches.Where(b => b.Value.Settled).ToImmutableSortedDictionary(b => b.Key, b => new SettledBatch(b.Value.Tally!, b.Value.Regions) { Lines = b.Value.Lines });

    /// <summary>These batches are no longer under way: completed, or to be issued again.</summary>
    public Flight Remove(IEnumerable<BatchId> batches) => new(Batches.RemoveRange(batches));

    /// <summary>A stream ended: what was issued beyond its end does not exist.</summary>
    public Flight EndSplit(int split, int batches) => Remove(Batches.Keys.Where(b => b.Split == split && b.Ordinal >= batches));

    /// <summary>The batches that wait for an ack of <paramref name="region"/>: its reducer was replaced, and its unwritten part with it.</summary>
    public BatchSet WaitingOn(int region) =>
        BatchSet.Of(Batches.Where(b => b.Value.Tally is not null && b.Value.Regions.Contains(region) && !b.Value.Acked.Contains(region))
            .Select(b => b.Key));

    /// <summary>The batches whose deadline has passed.</summary>
    public BatchSet Overdue(DateTimeOffset now) => BatchSet.Of(Batches.Where(b => b.Value.Deadline <= now).Select(b => b.Key));

    /// <summary>
    /// How many rounds without progress there are with these batches overdue. A round is over when a batch is overdue that was issued in it:
    /// batches that become overdue one after the other are one round.
    /// </summary>
    public int RoundsAfter(BatchSet overdue, int rounds) =>
        Batches.Any(b => b.Value.Round >= rounds && overdue.Contains(b.Key)) ? rounds + 1 : rounds;
}
