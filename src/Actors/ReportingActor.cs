using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors;

/// <summary>An actor that tells why it fails, before its supervisor stops it: who watches it learns no more than that it is gone.</summary>
public abstract class ReportingActor : UntypedActor
{
    /// <summary>This incarnation fails, for this cause.</summary>
    protected abstract void Failing(Exception cause);

    /// <summary>Tells the parent, and where this ends the system, the job: nobody else will.</summary>
    /// <param name="directive">What comes of it, unless it ends the system.</param>
    /// <param name="at">The batch it was at, if any.</param>
    protected void Fails(SupervisedActor kind, IActorRef? coordinator, Exception cause, string directive, BatchId? at = null)
    {
        if (SupervisionPolicy.Told(Context.System, kind.Name, cause) == ActorRestart.Escalated && coordinator is not null)
        {
            coordinator.Tell(new SupervisionProtocol.NoteRestarts([SupervisionProtocol.RestartOf(Self, cause, ActorRestart.Escalated) with { Batch = at }]));
            SupervisionProtocol.MarkTold(cause);
        }

        Context.Parent.Tell(new SupervisionProtocol.ChildFailed(SupervisionProtocol.RestartOf(Self, cause, directive) with { Batch = at }, cause));
    }

    /// <inheritdoc />
    protected sealed override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception cause)
        {
            Failing(cause);
            throw;
        }
    }
}
