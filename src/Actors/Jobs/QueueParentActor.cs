using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain.Supervision;

namespace Etl.Actors.Jobs;

/// <summary>
/// The parent of a host's queue. The process outlives a journal that does not work: then every request is refused with that reason, and the
/// queue is opened again and again, until it can be.
/// </summary>
public sealed class QueueParentActor(Props queue, SupervisionPolicy policy) : UntypedActor, IWithTimers
{
    private IActorRef child = ActorRefs.Nobody;
    private int made;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(Props queue, SupervisionPolicy policy) => Akka.Actor.Props.Create(() => new QueueParentActor(queue, policy));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => policy.ParentOf(SupervisedActor.Queue);

    /// <inheritdoc />
    protected override void PreStart() => Open();

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Lost:
                child = ActorRefs.Nobody;
                Timers.StartSingleTimer(Again.Instance, Again.Instance, policy.JournalMaxBackoff);
                break;
            case Again:
                Open();
                break;
            case QueueProtocol.Submit or QueueProtocol.Resume or QueueProtocol.Cancel or QueueProtocol.Probe when child.IsNobody():
                Sender.Tell(new QueueProtocol.Refused("the journal cannot be read or written; the log of the host names the cause", IsUnavailable: true));
                break;
            case QueueProtocol.Submit or QueueProtocol.Resume or QueueProtocol.Cancel or QueueProtocol.Probe:
                child.Forward(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // A name is not free again until its actor has stopped; numbered, none is waited for.
    private void Open()
    {
        child = Context.ActorOf(policy.Persistent(SupervisedActor.Queue, queue, static _ => false), $"of-host{(made++ == 0 ? "" : $"-{made}")}");
        Context.WatchWith(child, new Lost());
    }

    private sealed record Lost : ILocalMessage;

    private sealed class Again : ILocalMessage
    {
        public static readonly Again Instance = new();
    }
}
