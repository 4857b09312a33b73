using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

public sealed class FlightTests
{
    private static readonly DateTimeOffset Deadline = Generators.Now.AddSeconds(30);
    private static readonly BatchId First = new(0, 0), Second = new(0, 1), Stranger = new(7, 7);
    private static readonly Flight Two = Flight.Empty.Issue([First, Second], Deadline);

    [Fact]
    public void A_batch_settles_when_every_region_it_went_to_has_acked()
    {
        var mapped = Two.Mapped(First, Generators.TallyOf(First), [1, 4]);
        Assert.Empty(mapped.Settled);
        Assert.Equal([1, 4], mapped.WaitingFor);
        var half = mapped.Ack(4, BatchSet.Of(First));
        Assert.Empty(half.Settled);
        Assert.Equal([1], half.WaitingFor);
        var (id, settled) = Assert.Single(half.Ack(1, BatchSet.Of([First, Second, Stranger])).Settled);
        Assert.Equal(First, id);
        Assert.Equal((Generators.TallyOf(First), 2), (settled.Tally, settled.Regions.Count));
    }

    [Fact]
    public void Acks_may_come_before_the_mapping_report()
    {
        var acked = Two.Ack(1, BatchSet.Of(First)).Ack(4, BatchSet.Of(First));
        Assert.Empty(acked.Settled);
        Assert.Empty(acked.WaitingFor);
        Assert.Equal([First], acked.Mapped(First, Generators.TallyOf(First), [1, 4]).Settled.Keys);
    }

    [Fact]
    public void A_batch_without_records_settles_when_it_is_mapped() =>
        Assert.Equal([First], Two.Mapped(First, Generators.TallyOf(First), []).Settled.Keys);

    [Fact]
    public void Late_messages_about_unknown_batches_change_nothing()
    {
        Assert.Same(Two, Two.Mapped(Stranger, BatchTally.Empty, [1]));
        Assert.Same(Two, Two.Ack(1, BatchSet.Of(Stranger)));
        var gone = Two.Remove([First, Stranger]);
        Assert.Equal([Second], gone.Ids.Ids());
        Assert.Same(gone, gone.Mapped(First, BatchTally.Empty, [1]));
        Assert.Same(gone, gone.Ack(1, BatchSet.Of(First)));
    }

    [Fact]
    public void The_same_message_twice_is_one()
    {
        var once = Two.Mapped(First, Generators.TallyOf(First), [1]).Ack(1, BatchSet.Of(First));
        Assert.Same(once, once.Ack(1, BatchSet.Of(First)));
        Assert.Equal(Generators.Show(once), Generators.Show(once.Mapped(First, Generators.TallyOf(First), [1])));
    }

    [Fact]
    public void A_replaced_reducer_is_waited_for_by_what_it_has_not_acked()
    {
        var flight = Flight.Empty.Issue([First, Second, new(1, 0), new(1, 1)], Deadline)
            .Mapped(First, BatchTally.Empty, [1, 2]).Mapped(Second, BatchTally.Empty, [1]).Mapped(new(1, 0), BatchTally.Empty, [2])
            .Ack(1, BatchSet.Of(Second));
        Assert.Equal("0/0", flight.WaitingOn(1).ToString());
        Assert.Equal("0/0 1/0", flight.WaitingOn(2).ToString());
        Assert.Equal(BatchSet.Empty, flight.WaitingOn(3));
    }

    [Fact]
    public void A_batch_is_overdue_from_its_deadline_on_and_not_before()
    {
        Assert.Equal(BatchSet.Empty, Two.Overdue(Deadline.AddTicks(-1)));
        Assert.Equal("0/0-1", Two.Overdue(Deadline).ToString());
        Assert.Equal("0/1", Two.Issue([First], Deadline.AddSeconds(9)).Overdue(Deadline).ToString());
    }

    [Fact]
    public void What_an_extractor_holds_has_more_time_and_what_is_mapped_has_not()
    {
        var later = Deadline.AddSeconds(10);
        var flight = Two.Issue([new(1, 0)], Deadline).Mapped(Second, BatchTally.Empty, [1]).Extend(BatchSet.Of([First, Second, Stranger]), later);
        Assert.Equal("0/1 1/0", flight.Overdue(Deadline).ToString());
        Assert.Equal("0/0-1 1/0", flight.Overdue(later).ToString());
        // It never has less than before.
        Assert.Same(flight, flight.Extend(BatchSet.Of(First), Deadline));
    }

    [Fact]
    public void Batches_that_become_overdue_one_after_the_other_are_one_round()
    {
        Assert.Equal(1, Two.RoundsAfter(BatchSet.Of(First), 0));
        var again = Two.Remove([First]).Issue([First], Deadline, round: 1);
        Assert.Equal(1, again.RoundsAfter(BatchSet.Of(Second), 1));
        Assert.Equal(2, again.RoundsAfter(BatchSet.Of([First, Second]), 1));
        // After progress the count begins anew.
        Assert.Equal(1, again.RoundsAfter(BatchSet.Of(First), 0));
    }

    [Fact]
    public void Issuing_again_starts_afresh()
    {
        var again = Two.Mapped(First, BatchTally.Empty, [1]).Ack(2, BatchSet.Of(First)).Issue([First], Deadline.AddSeconds(1));
        Assert.Equal(Generators.Show(Flight.Empty.Issue([First], Deadline.AddSeconds(1)).Issue([Second], Deadline)), Generators.Show(again));
    }

    [Fact]
    public void All_mapped_means_that_only_reducers_are_waited_for()
    {
        Assert.True(Flight.Empty.AllMapped);
        Assert.False(Two.Mapped(First, BatchTally.Empty, [1]).AllMapped);
        Assert.True(Two.Mapped(First, BatchTally.Empty, [1]).Mapped(Second, BatchTally.Empty, []).AllMapped);
    }

    [Fact]
    public void The_order_of_messages_does_not_matter() => Gen.Select(Generators.Batch.Array[1, 6], Gen.Int).Holds((ids, seed) =>
    {
        var random = new Random(seed);
        var messages = ids.Distinct().SelectMany(id =>
        {
            var regions = Enumerable.Range(0, random.Next(3)).ToArray();
            return regions.Select(region => (Func<Flight, Flight>)(f => f.Ack(region, BatchSet.Of(id)))).Append(f => f.Mapped(id, Generators.TallyOf(id), regions));
        }).SelectMany(m => Enumerable.Repeat(m, random.Next(1, 3))).ToArray();
        var issued = Flight.Empty.Issue(ids, Deadline);
        var flight = messages.Shuffled(random).Aggregate(issued, (f, message) => message(f));
        Assert.Equal(issued.Ids, BatchSet.Of(flight.Settled.Keys));
        Assert.Equal(Generators.Show(messages.Aggregate(issued, (f, message) => message(f))), Generators.Show(flight));
    });
}
