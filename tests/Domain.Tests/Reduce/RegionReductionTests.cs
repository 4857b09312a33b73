using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Reduce;

public sealed class RegionReductionTests
{
    private static readonly Gen<PartialOffer[]> Offers = Gen.Select(Generators.Batch.Array[0, 15], Generators.Partial.Array[15])
        .Select((ids, partials) => ids.Distinct().Select((id, i) => new PartialOffer(id, partials[i])).ToArray());

    [Fact]
    public void Each_batch_counts_once_whatever_is_repeated_reordered_grouped_or_replayed() =>
        Gen.Select(Offers, Gen.Int).Holds((offers, seed) =>
        {
            var random = new Random(seed);
            var journal = new List<PartialsMerged>();
            var state = RegionState.Initial;
            var arriving = offers.SelectMany(o => Enumerable.Repeat(o, random.Next(1, 4))).Shuffled(random);
            foreach (var group in arriving.Cut(random, 5))
            {
                if (RegionReduction.Decide(state, group) is Decision<PartialsMerged, string>.Accepted accepted)
                {
                    var merged = Assert.Single(accepted.Events);
                    Assert.DoesNotContain(merged.Batches.Ids(), state.Merged.Contains);
                    journal.Add(merged);
                    // Death after the write or before it: what is not in the journal is not in the next state.
                    state = random.Next(4) == 0 ? RegionReduction.Fold(RegionState.Initial, journal) : RegionReduction.Evolve(state, merged);
                }

                Assert.IsType<Decision<PartialsMerged, string>.AlreadyDone>(RegionReduction.Decide(state, group));
            }

            Assert.Equal(BatchSet.Of(offers.Select(o => o.Batch)), state.Merged);
            Assert.Equal(offers.Select(o => o.Partial).Aggregate(PartialAggregate.Empty, PartialAggregate.Combine), state.Total);
            Assert.Equal(state, RegionReduction.Fold(RegionState.Initial, journal));
        });

    [Fact]
    public void A_group_lost_before_its_write_is_counted_when_it_is_offered_again() =>
        Gen.Select(Offers, Gen.Int).Holds((offers, seed) =>
        {
            var random = new Random(seed);
            var state = RegionState.Initial;
            var waiting = new Queue<PartialOffer[]>(offers.Shuffled(random).Cut(random, 4));
            while (waiting.TryDequeue(out var group))
            {
                if (random.Next(3) == 0)
                    waiting.Enqueue(group);
                else if (RegionReduction.Decide(state, group) is Decision<PartialsMerged, string>.Accepted accepted)
                    state = RegionReduction.Fold(state, accepted.Events);
            }

            Assert.Equal(offers.Select(o => o.Partial).Aggregate(PartialAggregate.Empty, PartialAggregate.Combine), state.Total);
        });

    [Fact]
    public void Folding_in_two_parts_is_folding_at_once() => Gen.Select(Offers, Gen.Int[0, 15]).Holds((offers, cut) =>
    {
        var events = offers.Select(o => new PartialsMerged(BatchSet.Of(o.Batch), o.Partial)).ToArray();
        var half = RegionReduction.Fold(RegionState.Initial, events.Take(cut));
        Assert.Equal(RegionReduction.Fold(RegionState.Initial, events), RegionReduction.Fold(half, events.Skip(cut)));
    });

    [Fact]
    public void No_offers_is_nothing_to_do() =>
        Assert.IsType<Decision<PartialsMerged, string>.AlreadyDone>(RegionReduction.Decide(RegionState.Initial, []));

    [Fact]
    public void An_empty_partial_still_marks_its_batch_as_merged()
    {
        var decision = RegionReduction.Decide(RegionState.Initial, [new(new(0, 7), PartialAggregate.Empty)]);
        var merged = Assert.Single(Assert.IsType<Decision<PartialsMerged, string>.Accepted>(decision).Events);
        Assert.Equal(BatchSet.Of(new BatchId(0, 7)), RegionReduction.Evolve(RegionState.Initial, merged).Merged);
    }
}
