using Akka.Actor;
using Akka.Routing;
using Etl.Actors.Extract;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs;
using Etl.Actors.Load;
using Etl.Actors.Map;
using Etl.Actors.Reduce;
using Etl.Domain.Supervision;

namespace Etl.Actors;

/// <summary>
/// The root of the tree at <c>/user/etl</c>: builds it and owns the restart policy, nothing else.
/// </summary>
public sealed class EtlSupervisor(EtlSettings settings, SplitReader reader, FaultPoints faults) : UntypedActor
{
    /// <summary>Name below <c>/user</c>. Actor paths are public configuration.</summary>
    public const string Name = "etl";

    private IActorRef status = ActorRefs.Nobody;
    private IActorRef jobs = ActorRefs.Nobody;
    private IActorRef queue = ActorRefs.Nobody;

    /// <summary>Recipe.</summary>
    public static Props Props(EtlSettings settings, SplitReader reader, FaultPoints faults) =>
        Akka.Actor.Props.Create(() => new EtlSupervisor(settings, reader, faults));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => settings.Supervision.Root;

    /// <inheritdoc />
    protected override void PreStart()
    {
        var (policy, mine, shared) = (settings.Supervision, settings, faults);
        status = Context.ActorOf(StatusActor.Props(), "status");
        jobs = Context.ActorOf(
            JobsActor.Props(policy, (tree, assignment) => JobCoordinatorActor.Props(assignment, tree, mine.Jobs, shared),
                (tree, job, regions) => JobForgetterActor.Props(job, regions, tree.Reducers, shared), status, shared), "jobs");
        var reducers = Context.ActorOf(
            RegionParentActor.Props(new RegionMessageExtractor(), RegionReducerActor.Entities(policy, mine.Reduce, jobs, shared), jobs, policy), "reducers");
        var mappers = Context.ActorOf(
            MapperActor.Props(reducers, faults).WithRouter(FromConfig.Instance.WithSupervisorStrategy(policy.Mappers)), "mappers");
        var extractors = Context.ActorOf(ExtractorsActor.Props(reader, mappers, new(settings.ExtractWindow, settings.Jobs.AckDeadline / 4) { Reading = policy.Of(SupervisedActor.Extractor) }, policy), "extractors");
        var loaders = Context.ActorOf(
            LoadersActor.Props(load => LoaderActor.Props(load, reducers, mine.Load, shared), policy), "loaders");
        jobs.Tell(new JobTree(jobs, extractors, reducers, loaders, status, reader));
        // Last: what it starts needs the tree.
        if (mine.Queue is { } host) queue = Context.ActorOf(QueueParentActor.Props(QueueActor.Props(host, jobs, status), policy), "queue");
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Protocol.JobProtocol.OpenJob or Protocol.JobProtocol.TrimJournal or Protocol.JobProtocol.Checkpoint:
                jobs.Forward(message);
                break;
            case Protocol.QueueProtocol.Submit or Protocol.QueueProtocol.Resume or Protocol.QueueProtocol.Cancel or Protocol.QueueProtocol.Probe:
                queue.Forward(message);
                break;
            case Protocol.StatusProtocol.Subscribe or Protocol.StatusProtocol.GetJobStatus:
                status.Forward(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
