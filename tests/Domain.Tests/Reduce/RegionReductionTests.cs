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
            var journal = new List<RegionEvent>();
            var state = RegionState.Initial;
            var arriving = offers.SelectMany(o => Enumerable.Repeat(o, random.Next(1, 4))).Shuffled(random);
            foreach (var group in arriving.Cut(random, 5))
            {
                if (RegionReduction.Decide(state, group) is Decision<RegionEvent, string>.Accepted accepted)
                {
                    var merged = Assert.IsType<RegionEvent.PartialsMerged>(Assert.Single(accepted.Events));
                    Assert.DoesNotContain(merged.Batches.Ids(), state.Merged.Contains);
                    journal.Add(merged);
                    // Death after the write or before it: what is not in the journal is not in the next state.
                    state = random.Next(4) == 0 ? RegionReduction.Fold(RegionState.Initial, journal) : RegionReduction.Evolve(state, merged);
                }

                Assert.IsType<Decision<RegionEvent, string>.AlreadyDone>(RegionReduction.Decide(state, group));
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
                else if (RegionReduction.Decide(state, group) is Decision<RegionEvent, string>.Accepted accepted)
                    state = RegionReduction.Fold(state, accepted.Events);
            }

            Assert.Equal(offers.Select(o => o.Partial).Aggregate(PartialAggregate.Empty, PartialAggregate.Combine), state.Total);
        });

    [Fact]
    public void Folding_in_two_parts_is_folding_at_once() => Gen.Select(Offers, Gen.Int[0, 15]).Holds((offers, cut) =>
    {
        var events = offers.Select(o => new RegionEvent.PartialsMerged(BatchSet.Of(o.Batch), o.Partial)).ToArray();
        var half = RegionReduction.Fold(RegionState.Initial, events.Take(cut));
        Assert.Equal(RegionReduction.Fold(RegionState.Initial, events), RegionReduction.Fold(half, events.Skip(cut)));
    });

    [Fact]
    public void No_offers_is_nothing_to_do() =>
        Assert.IsType<Decision<RegionEvent, string>.AlreadyDone>(RegionReduction.Decide(RegionState.Initial, []));

    [Fact]
    public void An_empty_partial_still_marks_its_batch_as_merged()
    {
        var decision = RegionReduction.Decide(RegionState.Initial, [new(new(0, 7), PartialAggregate.Empty)]);
        RegionEvent merged = Assert.Single(Assert.IsType<Decision<RegionEvent, string>.Accepted>(decision).Events);
        Assert.Equal(BatchSet.Of(new BatchId(0, 7)), RegionReduction.Evolve(RegionState.Initial, merged).Merged);
    }

    [Fact]
    public void With_events_that_hold_all_the_state_is_the_same_and_what_is_before_the_last_of_them_is_superfluous() =>
        Gen.Select(Offers, Gen.Int, Gen.Int[1, 4]).Holds(v =>
        {
            var (offers, seed, compactAfter) = v;
            var random = new Random(seed);
            var (journal, plain) = (new List<RegionEvent>(), RegionState.Initial);
            foreach (var offered in offers.SelectMany(o => Enumerable.Repeat(o, random.Next(1, 3))).Shuffled(random).Cut(random, 4))
            {
                var state = RegionReduction.Fold(RegionState.Initial, journal);
                if (RegionReduction.Decide(state, offered, compactAfter) is Decision<RegionEvent, string>.Accepted accepted)
                    journal.AddRange(accepted.Events);
                if (RegionReduction.Decide(plain, offered) is Decision<RegionEvent, string>.Accepted uncompacted)
                    plain = RegionReduction.Fold(plain, uncompacted.Events);

                var last = journal.FindLastIndex(e => e is RegionEvent.RegionCompacted);
                var after = RegionReduction.Fold(RegionState.Initial, journal);
                Assert.Equal((plain.Merged, plain.Total), (after.Merged, after.Total));
                // Killed before the deletion, in its midst, or after it.
                if (last > 0) Assert.Equal(after, RegionReduction.Fold(RegionState.Initial, journal.Skip(random.Next(last + 1))));
                Assert.True(journal.Count - 1 - last < compactAfter);
            }
        });

    [Fact]
    public void A_region_that_is_forgotten_is_as_if_it_had_never_been_and_is_forgotten_once() => Offers.Holds(offers =>
    {
        var state = RegionReduction.Decide(RegionState.Initial, offers) is Decision<RegionEvent, string>.Accepted merged
            ? RegionReduction.Fold(RegionState.Initial, merged.Events) : RegionState.Initial;
        if (RegionReduction.Forget(state) is Decision<RegionEvent, string>.Accepted forgotten) state = RegionReduction.Fold(state, forgotten.Events);
        Assert.Equal(RegionState.Initial, state);
        Assert.IsType<Decision<RegionEvent, string>.AlreadyDone>(RegionReduction.Forget(state));
    });

    [Fact]
    public void A_group_begins_anew_when_it_is_closed_and_keeps_nothing_that_is_merged()
    {
        var group = new RegionGroup();
        var offer = new PartialOffer(new(0, 7), PartialAggregate.Empty);
        group.Add(RegionState.Initial, offer);
        var closed = Assert.IsType<Decision<RegionEvent, string>.Accepted>(group.Close(RegionState.Initial, 10));
        var state = RegionReduction.Fold(RegionState.Initial, closed.Events);
        group.Add(state, offer);
        Assert.IsType<Decision<RegionEvent, string>.AlreadyDone>(group.Close(state, 10));
    }
}
