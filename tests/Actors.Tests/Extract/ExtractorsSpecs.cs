using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Extract;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;

namespace Etl.Actors.Tests.Extract;

/// <summary>The parent of the extractors: one per split, found again, gone with its job.</summary>
public sealed class ExtractorsSpecs : EtlSpec
{
    private static readonly ExtractProtocol.ExtractSplit Request = new(Given.Job(), 0, Given.Page, Given.Spec());
    private readonly TestProbe mappers, coordinator;

    public ExtractorsSpecs() : base(SerializeMessages) => (mappers, coordinator) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void Batches_go_to_the_extractor_of_their_split()
    {
        var extractors = Extractors(Given.Reader(Given.Rows(5)));
        extractors.Tell(Request, coordinator);
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        extractors.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(1)), coordinator);
        Assert.Equal(1, mappers.ExpectMsg<MapProtocol.MapBatch>().Batch.Ordinal);
        extractors.Tell(new ExtractProtocol.IssueBatches(Given.Job(2), Given.Batches(1)), coordinator);
        mappers.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_job_that_begins_again_right_after_its_end_is_read_again()
    {
        var extractors = Extractors(Given.Reader(Given.Rows(5)));
        for (var i = 0; i < 50; i++)
        {
            extractors.Tell(Request, coordinator);
            extractors.Tell(new JobProtocol.ForgetJob(Given.Job()), coordinator);
        }

        extractors.Tell(Request, coordinator);
        extractors.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(0)), coordinator);
        Assert.Equal(0, mappers.ExpectMsg<MapProtocol.MapBatch>().Batch.Ordinal);
        while (coordinator.HasMessages) coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
    }

    [Fact]
    public void A_second_coordinator_takes_the_first_ones_place()
    {
        var second = CreateTestProbe();
        var extractors = Extractors(Given.Reader(Given.Rows(5)));
        extractors.Tell(Request, coordinator);
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        extractors.Tell(Request, second);
        second.ExpectMsg<ExtractProtocol.SplitRead>();
        extractors.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(0)), second);
        Assert.Equal((IActorRef)second.Ref, mappers.ExpectMsg<MapProtocol.MapBatch>().Coordinator);
    }

    [Fact]
    public void An_extractor_that_fails_is_stopped_and_fails_its_job()
    {
        // Rows that were never made: counting them throws.
        var extractors = Extractors(Given.Reader((_, _, _) => Task.FromResult<SplitReading>(new SplitReading.Rows(Given.Choice, default))));
        extractors.Tell(Request, coordinator);
        var told = Assert.Single(coordinator.ExpectMsg<SupervisionProtocol.NoteRestarts>().Restarts);
        Assert.Equal(("Stop", nameof(NullReferenceException)), (told.Directive, told.Cause.Split(':')[0]));
        var failed = coordinator.ExpectMsg<ExtractProtocol.SplitFailed>();
        Assert.Equal((1, 0), (failed.ExitCode, failed.Split));
        Assert.Contains($"stopped unexpectedly; {told.Cause}", failed.Reason, StringComparison.Ordinal);
        coordinator.ExpectNoMsg(Silence);
    }

    private IActorRef Extractors(SplitReader reader) => Sys.ActorOf(ExtractorsActor.Props(reader, mappers, ActorRefs.Nobody, new(16, TimeSpan.FromHours(1)), Given.Policy));
}
