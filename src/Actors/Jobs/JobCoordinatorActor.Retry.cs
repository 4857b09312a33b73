using Akka.Actor;
using Akka.Event;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Chaos;

namespace Etl.Actors.Jobs;

/// <summary>What a coordinator does about batches that come back, or do not.</summary>
public sealed partial class JobCoordinatorActor
{
    private readonly ChaosMonkey chaos = ChaosMonkey.Of(Context.System);

    // As if it had never come; both kinds are made good by the deadline of the batch.
    private bool IsLost(object message) => chaos.IsOn && message switch
    {
        MapProtocol.BatchMapped mapped => chaos.Strikes(ChaosKind.MessageDrop, $"{mapped.Job} mapped {mapped.Batch}"),
        ReduceProtocol.PartialsAcked acked => chaos.Strikes(ChaosKind.MessageDrop, $"{acked.Job} acked {acked.Region} {acked.Batches}"),
        _ => false,
    };

    private void GivenBack(BatchId batch)
    {
        (flight, stalls) = (flight.Remove([batch]), 0);
        Advance();
    }

    private void Overdue(BatchSet overdue)
    {
        if (overdue.Count == 0) return;
        stalls = flight.RoundsAfter(overdue, stalls);
        if (stalls <= settings.MaxStalls) IssueAgain(overdue, "no acknowledgement in time");
        else End(
            Failure(74, $"no progress: batches {overdue} were issued {stalls} times and never became durable; look at the journal's disk and at the "
                + $"router of /etl/mappers; {Outlook.Of(assignment.Spec)}"),
            durable: false);
    }

    private void IssueAgain(BatchSet batches, string reason)
    {
        if (batches.Count == 0 || state is not JobState.Running) return;
        Execute(new JobCommand.Retry(batches, reason, Now), () =>
        {
            log.Warning("job {0}: batches {1} are issued again: {2}", assignment.Job, batches, reason);
            tree.Status.Tell(new StatusProtocol.Logged(assignment.Job, $"batches {batches} are issued again: {reason}"));
            flight = flight.Remove(batches.Ids());
            Advance();
        });
    }
}
