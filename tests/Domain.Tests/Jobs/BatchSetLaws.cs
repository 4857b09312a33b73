using CsCheck;
using Etl.Domain.Jobs;

namespace Etl.Domain.Tests.Jobs;

public sealed class BatchSetLaws : MonoidLaws<BatchSet>
{
    private protected override Gen<BatchSet> Values => Generators.Batches;

    [Fact]
    public void Combining_with_itself_changes_nothing() => Generators.Batches.Holds(set => set.Equals(BatchSet.Combine(set, set)));

    [Fact]
    public void It_is_the_set_that_a_hash_set_is() => Gen.Select(Generators.Batch.Array[0, 25], Generators.Batch).Holds((ids, probe) =>
    {
        var model = ids.ToHashSet();
        var set = BatchSet.Of(ids);
        Assert.Equal(model.Order(), set.Ids());
        Assert.Equal(model.Count, set.Count);
        Assert.Equal(model.Contains(probe), set.Contains(probe));
        Assert.Equal(set, ids.Aggregate(BatchSet.Empty, (sum, id) => sum.Add(id)));
        var next = Enumerable.Range(probe.Ordinal, 99).First(o => !model.Contains(new(probe.Split, o)));
        Assert.Equal(next, set.NextAbsent(probe.Split, probe.Ordinal));
    });

    [Fact]
    public void Ranges_are_sorted_disjoint_and_not_adjacent() => Generators.Batches.Holds(set =>
    {
        for (var i = 1; i < set.Ranges.Length; i++)
            Assert.True(set.Ranges[i - 1].Split < set.Ranges[i].Split || set.Ranges[i - 1].To + 1 < set.Ranges[i].From, set.ToString());
        Assert.Equal(set, BatchSet.FromRanges(set.Ranges.Reverse()));
    });

    [Fact]
    public void Overlapping_ranges_give_the_set_of_their_ids() =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 20], Gen.Int[0, 6]).Select((split, from, more) => new BatchRange(split, from, from + more)).Array[0, 8].Holds(ranges =>
            BatchSet.FromRanges(ranges).Equals(BatchSet.Of(ranges.SelectMany(r => Enumerable.Range(r.From, r.Count).Select(o => new BatchId(r.Split, o))))));

    [Fact]
    public void A_finished_split_costs_one_range()
    {
        var set = BatchSet.Of(Enumerable.Range(0, 10_000).Select(i => new BatchId(0, i)));
        Assert.Equal("0/0-9999", set.ToString());
        Assert.Equal("0/0-9999 1/3 1/5-6", BatchSet.Combine(set, BatchSet.Of([new(1, 5), new(1, 3), new(1, 6)])).ToString());
    }

    [Fact]
    public void The_largest_range_is_counted_and_searched_without_overflow()
    {
        var set = BatchSet.FromRanges([new(0, 0, BatchSet.MaxOrdinal)]);
        Assert.Equal(BatchSet.MaxOrdinal + 1L, set.Count);
        Assert.Equal(int.MaxValue, set.NextAbsent(0, 5));
        Assert.Single(BatchSet.Of(new BatchId(0, BatchSet.MaxOrdinal)).Ids());
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 0, int.MaxValue)]
    public void What_is_no_range_is_refused(int split, int from, int to) =>
        Assert.Throws<ArgumentException>(() => BatchSet.FromRanges([new(split, from, to)]));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, int.MaxValue)]
    public void What_is_no_batch_is_refused(int split, int ordinal)
    {
        Assert.Throws<ArgumentException>(() => BatchSet.Of(new BatchId(split, ordinal)));
        Assert.Throws<ArgumentException>(() => BatchSet.Of([new BatchId(split, ordinal)]));
    }
}
