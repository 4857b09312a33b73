using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Actors.Tests.Serialization;

/// <summary>What is written is read back, by value and by byte.</summary>
public sealed class RoundTripTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    [Fact]
    public void Each_example_comes_back_equal()
    {
        foreach (var example in fixture.All)
            Assert.True(example.Value.Equals(fixture.ThereAndBack(example.Value)), example.Name);
    }

    [Fact]
    public void Equal_values_have_equal_bytes()
    {
        foreach (var example in fixture.All)
        {
            var bytes = fixture.Serializer.ToBinary(example.Value);
            Assert.True(bytes.AsSpan().SequenceEqual(fixture.Serializer.ToBinary(fixture.ThereAndBack(example.Value))), example.Name);
        }
    }

    [Fact]
    public void Times_keep_their_ticks_and_are_utc()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(5)).AddTicks(1);
        var back = (JobEvent.Finished)fixture.ThereAndBack(new JobEvent.Finished(at));
        Assert.Equal((at.UtcTicks, TimeSpan.Zero), (back.At.UtcTicks, back.At.Offset));
    }

    [Theory]
    [InlineData("100")]
    [InlineData("100.00")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001")]
    public void Decimals_keep_their_digits(string text)
    {
        var threshold = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var spec = new JobSpec("s", [], AnswerOptions.Default with { ThresholdBillions = threshold }, "d", 1, "v");
        var back = (JobEvent.Started)fixture.ThereAndBack(new JobEvent.Started(new(Guid.Empty), spec, default));
        Assert.Equal(text, back.Spec.Options.ThresholdBillions.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Amounts_of_every_magnitude_come_back()
    {
        for (var bit = 0; bit < 127; bit++)
        {
            foreach (var amount in new[] { Int128.One << bit, -(Int128.One << bit), (Int128.One << bit) - 1, ~(Int128.One << bit) })
            {
                var completed = new JobEvent.BatchesCompleted(
                    BatchSet.Empty, [], BatchTally.Empty with { AggregatesSeen = [new("World", 2026, 1, new(amount), 1)] });
                var merged = new RegionEvent.PartialsMerged(BatchSet.Empty, PartialAggregate.Of([new(default, Aggregate.OfContribution(new(amount)))]));
                Assert.Equal(completed, fixture.ThereAndBack(completed));
                Assert.Equal(merged, fixture.ThereAndBack(merged));
            }
        }
    }

    [Fact]
    public void An_actor_comes_back_as_itself()
    {
        var sent = fixture.All.Select(e => e.Value).OfType<ReduceProtocol.FlushRegion>().Single();
        var back = (ReduceProtocol.FlushRegion)fixture.ThereAndBack(sent);
        Assert.Same(sent.Coordinator, back.Coordinator);
        Assert.NotEqual(ActorRefs.Nobody, back.Coordinator);
    }

    // Half of a surrogate pair is no Unicode text and has no UTF-8: a job must not die of what stood in its input.
    [Fact]
    public void Text_that_is_not_unicode_is_written_with_replacement_characters()
    {
        var tally = BatchTally.Empty with { Rejections = [new(default, null, "Country", "a\uD800b", "unknown country")] };
        var back = (JobEvent.BatchesCompleted)fixture.ThereAndBack(new JobEvent.BatchesCompleted(BatchSet.Empty, [], tally));
        Assert.Equal("a\uFFFDb", back.Tally.Rejections[0].Text);
    }

    [Fact]
    public void A_large_partial_is_compact()
    {
        var bytes = fixture.Serializer.ToBinary(new RegionEvent.PartialsMerged(BatchSet.Empty, Examples.Large)).Length;
        Assert.InRange((double)bytes / Examples.Large.Entries.Length, 1, 12);
    }

    [Fact]
    public void Ranges_of_batches_are_compact()
    {
        var ranges = BatchSet.FromRanges(Enumerable.Range(0, 10_000).Select(i => new BatchRange(0, i * 3, (i * 3) + 1)));
        Assert.InRange(fixture.Serializer.ToBinary(new RegionEvent.PartialsMerged(ranges, PartialAggregate.Empty)).Length, 1, 31_000);
    }
}
