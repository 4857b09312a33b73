using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Actors.Tests.Hosting;

public sealed class LiveBoardTests
{
    private static readonly RegionState Full =
        RegionReduction.Evolve(RegionState.Initial, new RegionEvent.PartialsMerged(Given.Batches(0), Given.Partial("DEU", 1)));

    [Theory]
    [InlineData(130, false, 1)]
    [InlineData(0, true, 0)]
    public async Task What_can_be_resumed_keeps_its_regions_for_reducers_that_live_tell_them_no_more(int exitCode, bool durable, int regions)
    {
        using var system = ActorSystem.Create("board");
        var board = LiveBoard.Of(system);
        board.TurnOn();
        board.Begin(Given.Job());
        board.Set(Given.Job(), 2, Full);
        board.End(Ended(Given.Job(), exitCode, durable));
        board.Begin(Given.Job());
        Assert.Equal(regions, board.Find(Given.Job())!.Regions.Count);
        Assert.Null(board.Find(Given.Job())!.End);
        await system.Terminate();
    }

    [Fact]
    public async Task Some_that_ended_are_kept_and_all_that_run()
    {
        using var system = ActorSystem.Create("board");
        var board = LiveBoard.Of(system);
        board.TurnOn();
        board.Begin(Given.Job(1));
        for (var i = 2; i <= 100; i++)
        {
            board.Begin(Given.Job(i));
            board.End(Ended(Given.Job(i), 0, durable: true));
        }

        Assert.Equal([1, .. Enumerable.Range(93, 8)], Enumerable.Range(1, 100).Where(i => board.Find(Given.Job(i)) is not null));
        await system.Terminate();
    }

    private static JobProtocol.JobEnded Ended(JobId job, int exitCode, bool durable) =>
        new(job, durable, new(job, exitCode, null, null, null, [], null));
}
