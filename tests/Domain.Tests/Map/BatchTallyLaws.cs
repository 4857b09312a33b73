using CsCheck;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Map;

public sealed class BatchTallyLaws : MonoidLaws<BatchTally>
{
    private protected override Gen<BatchTally> Values => Generators.Tally;

    [Fact]
    public void Findings_of_many_batches_are_those_of_one_large_batch() =>
        Gen.Select(Generators.Missing.Array[0, 9], Generators.Seen.Array[0, 9], Generators.Rejection.Array[0, 20], Generators.Note.Array[0, 300], Gen.Int)
            .Holds(v =>
            {
                var (missing, seen, rejections, notes, seed) = v;
                var random = new Random(seed);
                BatchTally Of(string[] m, AggregateSeen[] a, Rejection[] r, RowNote[] n) => BatchTally.Of(m.Length + a.Length + r.Length, 0, 0, m, a, r, n);
                var whole = Of(missing, seen, rejections, notes);
                var parts = missing.Select(m => Of([m], [], [], [])).Concat(seen.Select(a => Of([], [a], [], [])))
                    .Concat(rejections.Select(r => Of([], [], [r], []))).Concat(notes.Shuffled(random).Cut(random, 90).Select(n => Of([], [], [], n)));
                var combined = parts.Shuffled(random).Aggregate(BatchTally.Empty, BatchTally.Combine);
                Assert.Equal(whole, combined);
                Assert.Equal(whole.Rejections.Items.AsEnumerable(), combined.Rejections);
                Assert.Equal(notes.Length, combined.NotesTotal);
                Assert.Equal(Math.Min(notes.Length, BatchTally.MaxNotes), combined.Notes.Count);
                Assert.Equal(notes.OrderBy(n => n.Place).ThenBy(n => n.Text, StringComparer.Ordinal).Take(BatchTally.MaxNotes), combined.Notes);
            });

    [Fact]
    public void The_limit_of_rejections_keeps_the_lowest_however_they_were_grouped()
    {
        var pool = Enumerable.Range(0, 4 * BatchTally.MaxRejections).Select(i => new Rejection(new(0, i / 3), null, "c", $"{i}", "r")).ToArray();
        Gen.Select(Gen.Int[BatchTally.MaxRejections - 3, BatchTally.MaxRejections * 2], Gen.Int).Holds((count, seed) =>
        {
            var random = new Random(seed);
            var chosen = random.GetItems(pool, count);
            var whole = BatchTally.Of(count, 0, 0, [], [], chosen, []);
            var combined = chosen.Cut(random, BatchTally.MaxRejections).Select(r => BatchTally.Of(r.Length, 0, 0, [], [], r, []))
                .Shuffled(random).Aggregate(BatchTally.Combine);
            Assert.Equal(count, combined.Quarantined);
            Assert.Equal(Math.Min(count, BatchTally.MaxRejections), combined.Rejections.Count);
            Assert.Equal(whole, combined);
        }, cases: 40);
    }

    [Fact]
    public void Grouping_and_order_do_not_matter_at_the_limit_of_rejections()
    {
        var random = new Random(7);
        var large = Enumerable.Range(0, 12).Select(i => BatchTally.Of(
            9_000, 0, 0, [], [], [.. Enumerable.Range(0, random.Next(2_000, 9_000)).Select(_ => new Rejection(new(0, random.Next(20_000)), null, "c", "t", $"{i % 3}"))], [])).ToArray();
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 11], Gen.Int[0, 11]).Holds(v =>
        {
            var (a, b, c) = (large[v.Item1], large[v.Item2], large[v.Item3]);
            var left = BatchTally.Combine(BatchTally.Combine(a, b), c);
            return left == BatchTally.Combine(a, BatchTally.Combine(b, c)) && left == BatchTally.Combine(BatchTally.Combine(c, a), b);
        });
    }

    [Fact]
    public void A_text_is_cut_at_200_characters_but_not_inside_a_pair()
    {
        Assert.Equal(new string('a', 200), Rejection.Cut(new string('a', 201)));
        Assert.Equal(new string('a', 200), Rejection.Cut(new string('a', 200)));
        Assert.Equal(new string('a', 199), Rejection.Cut(new string('a', 199) + "😀"));
    }

    [Fact]
    public void What_is_of_no_use_beside_what_is_held_may_be_dropped() =>
        Gen.Select(Generators.Tally, Generators.Tally, Gen.Int[0, 8]).Holds(v =>
        {
            var (held, more, limit) = v;
            held = held.Cut(limit);
            var kept = more.Beside(held, limit);
            Assert.Equal(BatchTally.Combine(held, more).Cut(limit), BatchTally.Combine(held, kept).Cut(limit));
            Assert.Equal(more with { Rejections = [], Notes = [] }, kept with { Rejections = [], Notes = [] });
            Assert.True(kept.Rejections.Count <= limit);
            // In order, there is room for so many more.
            if (held.Rejections.Count > 0 && more.Rejections.All(r => r.CompareTo(held.Rejections[held.Rejections.Count - 1]) > 0))
                Assert.True(kept.Rejections.Count <= limit - held.Rejections.Count);
        });
}
