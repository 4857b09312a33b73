using CsCheck;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Reduce;

public sealed class PartialAggregateLaws : MonoidLaws<PartialAggregate>
{
    private protected override Gen<PartialAggregate> Values => Generators.Partial;

    [Fact]
    public void Equal_contents_are_equal_entry_by_entry_however_they_were_grouped() =>
        Gen.Select(Generators.Entry.Array[0, 30], Gen.Int).Holds((entries, seed) =>
        {
            var random = new Random(seed);
            var whole = PartialAggregate.Of(entries);
            var grouped = entries.Shuffled(random).Cut(random, 7).Select(PartialAggregate.Of).Aggregate(PartialAggregate.Empty, PartialAggregate.Combine);
            Assert.Equal(whole, grouped);
            Assert.Equal(whole.Entries.AsEnumerable(), grouped.Entries);
            Assert.Equal(entries.Length, whole.Rows);
        });

    [Fact]
    public void Entries_are_sorted_and_no_key_stands_twice() =>
        Gen.Select(Generators.Partial, Generators.Partial).Holds((left, right) =>
        {
            var keys = PartialAggregate.Combine(left, right).Entries.Select(e => e.Key).ToArray();
            Assert.Equal(keys.Distinct().Order(), keys);
        });

    [Fact]
    public void An_entry_is_the_combination_of_its_key() =>
        Generators.Entry.Array[1, 20].Holds(entries => PartialAggregate.Of(entries).Entries.All(e =>
            e.Value == entries.Where(x => x.Key == e.Key).Select(x => x.Value).Aggregate(Aggregate.Combine)));

    [Fact]
    public void What_is_sorted_is_taken_as_it_is_and_what_is_not_is_refused() => Generators.Partial.Holds(partial =>
    {
        Assert.Equal(partial, PartialAggregate.FromSorted(partial.Entries));
        if (partial.Entries.Length == 0) return;
        Assert.Throws<ArgumentException>(() => PartialAggregate.FromSorted(partial.Entries.Add(partial.Entries[^1])));
        if (partial.Entries.Length > 1) Assert.Throws<ArgumentException>(() => PartialAggregate.FromSorted([.. partial.Entries.Reverse()]));
    });

    [Fact]
    public void A_running_sum_is_the_combination_of_what_was_added_and_begins_anew() =>
        Gen.Select(Generators.Partial.Array[0, 8], Generators.Partial.Array[0, 3]).Holds((first, second) =>
        {
            var sum = new PartialSum();
            foreach (var partials in new[] { first, second })
            {
                var before = partials.Select(p => PartialAggregate.Of(p.Entries)).ToArray();
                foreach (var partial in partials) sum.Add(partial);
                Assert.Equal(PartialAggregate.Of(partials.SelectMany(p => p.Entries)), sum.Take());
                // What was added is somebody else's: the sum changes its own alone.
                Assert.Equal(before, partials);
            }
        });
}
