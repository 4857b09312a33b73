using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

/// <summary>What a run does that is to stop: what is mapped is written, nothing is waited for that is not.</summary>
public sealed class ClosingTests
{
    private static readonly DateTimeOffset Later = Generators.Now.AddMinutes(1);

    [Fact]
    public void Nothing_under_way_is_nothing_to_do() => Assert.True(HasStopped(Dispatch.Closing(Flight.Empty)));

    [Fact]
    public void What_is_with_mappers_is_not_waited_for() =>
        Assert.True(HasStopped(Dispatch.Closing(Flight.Empty.Issue([new(0, 0), new(0, 1)], Later))));

    [Fact]
    public void What_is_mapped_is_flushed_then_completed_then_it_has_stopped()
    {
        var flight = Flight.Empty.Issue([new(0, 0), new(0, 1)], Later).Mapped(new(0, 0), BatchTally.Empty, [1, 4]);
        Assert.Equal([1, 4], Dispatch.Closing(flight).Flush);

        flight = flight.Ack(1, BatchSet.Of(new BatchId(0, 0)));
        Assert.Equal([4], Dispatch.Closing(flight).Flush);

        flight = flight.Ack(4, BatchSet.Of(new BatchId(0, 0)));
        Assert.Equal(CompleteWhen.Now, Dispatch.Closing(flight).Complete);
        Assert.True(HasStopped(Dispatch.Closing(flight.Remove([new(0, 0)]))));
    }

    private static bool HasStopped(DispatchStep step) =>
        step is { Complete: CompleteWhen.Never, Load: false } && step.Flush.IsEmpty && step.Issue.IsEmpty;
}
