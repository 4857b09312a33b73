using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors.Reduce;

/// <summary>Asks a parent of entities to stop one when it is idle, as a shard would.</summary>
/// <param name="StopMessage">What the entity receives last.</param>
public sealed record Passivate(object StopMessage) : ILocalMessage;

/// <summary>
/// The reducers of this process: one child per entity id, created by its first message. The local stand-in for a shard region: the
/// same messages, the same extractor, the same entities.
/// </summary>
public sealed class RegionParentActor : UntypedActor
{
    private readonly IMessageExtractor extractor;
    private readonly Func<JobRegion, Props> entity;
    private readonly IActorRef jobs;
    private ImmutableHashSet<string> passive = [];
    private ImmutableHashSet<JobId> forgotten = [];

    private readonly SupervisionPolicy policy;

    /// <summary>Entities by the extractor's ids; <paramref name="jobs"/> hears of one that is lost for good.</summary>
    public RegionParentActor(IMessageExtractor extractor, Func<JobRegion, Props> entity, IActorRef jobs, SupervisionPolicy policy)
    {
        this.policy = policy;
        this.extractor = extractor;
        this.entity = entity;
        this.jobs = jobs;
    }

    /// <summary>Recipe; <paramref name="entity"/> makes an entity's recipe from its job and region.</summary>
    public static Props Props(IMessageExtractor extractor, Func<JobRegion, Props> entity, IActorRef jobs, SupervisionPolicy policy) =>
        Akka.Actor.Props.Create(() => new RegionParentActor(extractor, entity, jobs, policy));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => policy.ParentOf(SupervisedActor.Reducer);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReduceProtocol.MergePartial or ReduceProtocol.FlushRegion when forgotten.Contains(((ReduceProtocol.IRegionMessage)message).Job):
                // A late copy of a batch: it would begin the journal anew that has just been deleted.
                break;
            case ReduceProtocol.IRegionMessage region when extractor.EntityId(message) is { } id:
                if (message is ReduceProtocol.ForgetRegion) forgotten = forgotten.Add(region.Job);
                EntityOf(id, region).Forward(extractor.EntityMessage(message));
                break;
            case Passivate passivate:
                // The back-off supervisor passes on what its child says as if it were the sender, and must see the stop message to know
                // that the stop is meant.
                var idle = Sender.Path.Name;
                passive = passive.Add(idle);
                Context.Child(idle).Tell(passivate.StopMessage);
                break;
            case EntityStopped stopped when passive.Contains(stopped.Name):
                passive = passive.Remove(stopped.Name);
                break;
            case EntityStopped stopped:
                jobs.Tell(new ReduceProtocol.RegionLost(
                    stopped.Id.Job, stopped.Id.Region, JobProtocol.JournalLost("the reducer's events")));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private IActorRef EntityOf(string id, ReduceProtocol.IRegionMessage region)
    {
        var known = Context.Child(id);
        if (!known.IsNobody()) return known;
        var created = Context.ActorOf(entity(new(region.Job, region.Region)), id);
        Context.WatchWith(created, new EntityStopped(id, new(region.Job, region.Region)));
        return created;
    }

    private sealed record EntityStopped(string Name, JobRegion Id) : ILocalMessage;
}

/// <summary>What a reducer is of.</summary>
public readonly record struct JobRegion(JobId Job, int Region);
