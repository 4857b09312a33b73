using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs;

/// <summary>
/// The status read model: the last thing heard of each job, and everybody who wants to hear it. For display; what is true stands in the
/// journal. A job's end is kept, so that a late subscriber hears it too.
/// </summary>
public sealed class StatusActor : UntypedActor
{
    // Each holds its whole answer.
    private const int KeptEnded = 8;
    private ImmutableDictionary<JobId, StatusProtocol.JobMoved> jobs = ImmutableDictionary<JobId, StatusProtocol.JobMoved>.Empty;
    private ImmutableDictionary<JobId, JobProtocol.JobEnded> ended = ImmutableDictionary<JobId, JobProtocol.JobEnded>.Empty;
    private ImmutableList<JobId> order = [];
    private ImmutableHashSet<IActorRef> subscribers = [];

    /// <summary>Recipe.</summary>
    public static Props Props() => Akka.Actor.Props.Create(() => new StatusActor());

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StatusProtocol.Subscribe subscribe:
                subscribers = subscribers.Add(subscribe.Subscriber);
                Context.Watch(subscribe.Subscriber);
                foreach (var over in ended.Values) subscribe.Subscriber.Tell(over);
                break;
            case Terminated gone:
                subscribers = subscribers.Remove(gone.ActorRef);
                break;
            case StatusProtocol.GetJobStatus ask:
                Sender.Tell(jobs.TryGetValue(ask.Job, out var known) ? known : new StatusProtocol.JobUnknown(ask.Job));
                break;
            case StatusProtocol.JobMoved moved:
                jobs = jobs.SetItem(moved.Job, moved);
                // It goes on: how it ended before is no end any more.
                ended = ended.Remove(moved.Job);
                Publish(moved);
                break;
            case JobProtocol.JobEnded over:
                Keep(over);
                Publish(over);
                break;
            case StatusProtocol.JobResumed or StatusProtocol.SourceChosen or StatusProtocol.ActorRestarted or StatusProtocol.Logged or StatusProtocol.OthersRestarted or StatusProtocol.Recovered
                or StatusProtocol.JournalTrimmed:
                Publish(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // In a process that lives on, only the last ends: whoever subscribes so late reads the journal.
    private void Keep(JobProtocol.JobEnded over)
    {
        ended = ended.SetItem(over.Job, over);
        order = order.Remove(over.Job).Add(over.Job);
        if (order.Count <= KeptEnded) return;
        ended = ended.Remove(order[0]);
        jobs = jobs.Remove(order[0]);
        order = order.RemoveAt(0);
    }

    private void Publish(object news)
    {
        foreach (var subscriber in subscribers) subscriber.Tell(news);
    }
}
