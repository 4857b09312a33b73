using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>What a coordinator does beside its job's batches: it journals who failed, and stops in order when its process is to stop.</summary>
public sealed partial class JobCoordinatorActor
{
    private bool stopping;
    private string stopReason = "interrupted";

    /// <inheritdoc />
    protected override void Failing(Exception cause, string directive) => tree.Jobs.Tell(new SupervisionProtocol.ActorFailed(
        assignment.Job, SupervisionProtocol.RestartOf(Self, cause, directive)));

    /// <inheritdoc />
    protected override bool IsProgress(JobEvent @event) => @event is not (JobEvent.ActorsRestarted or JobEvent.Recovered);

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    private bool IsSupervision(object message)
    {
        switch (message)
        {
            case JobProtocol.Checkpoint when state is not JobState.Running:
                tree.Jobs.Tell(new JobProtocol.Checkpointed(assignment.Job));
                return true;
            case JobProtocol.CancelJob when state is not JobState.Running:
                tree.Jobs.Tell(new JobProtocol.Checkpointed(assignment.Job));
                return true;
            case JobProtocol.Checkpoint or JobProtocol.CancelJob:
                if (message is JobProtocol.CancelJob) stopReason = "cancelled";
                stopping = true;
                tree.Extractors.Tell(new JobProtocol.ForgetJob(assignment.Job));
                Advance();
                return true;
            case MapProtocol.BatchMapped when stopping:
                // Nobody waits for what is not mapped by now; the next start maps it again.
                return true;
            case SupervisionProtocol.NoteRestarts note when state is JobState.Running:
                Execute(
                    new JobCommand.NoteRestarts(note.Restarts),
                    () => tree.Jobs.Tell(new SupervisionProtocol.RestartsNoted(assignment.Job, note.Restarts)));
                return true;
            case SupervisionProtocol.AnswerWhenNoted:
                // Nothing is decided while it writes: whatever came before this has been carried out.
                tree.Jobs.Tell(new SupervisionProtocol.AllNoted(assignment.Job));
                return true;
            case SupervisionProtocol.NoteRestarts:
                // Before the beginning it is sent again, see CoordinatorBegan; after the end the story is written.
                return true;
            default:
                return false;
        }
    }

    // What is mapped becomes durable; what is with mappers is left for the next start.
    private bool Stops()
    {
        if (!stopping) return false;
        var step = Dispatch.Closing(flight);
        foreach (var region in step.Flush) tree.Reducers.Tell(new ReduceProtocol.FlushRegion(assignment.Job, region, Self));
        if (step.Complete == CompleteWhen.Now) Complete();
        else if (step.Flush.IsEmpty)
            Execute(new JobCommand.StopRun(assignment.Run, stopReason, Now), () => tree.Jobs.Tell(new JobProtocol.Checkpointed(assignment.Job)));
        return true;
    }
}
