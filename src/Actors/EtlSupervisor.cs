using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Routing;
using Etl.Actors.Extract;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs;
using Etl.Actors.Load;
using Etl.Actors.Map;
using Etl.Actors.Protocol;
using Etl.Actors.Reduce;
using Etl.Actors.Supervision;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors;

/// <summary>
/// The root of the tree at <c>/user/etl</c>: builds it and owns the restart policy, nothing else.
/// </summary>
public sealed class EtlSupervisor(EtlSettings settings, SplitReader reader, FaultPoints faults) : UntypedActor, IWithTimers
{
    /// <summary>Name below <c>/user</c>. Actor paths are public configuration.</summary>
    public const string Name = "etl";

    // A journal that does not answer keeps nothing alive.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);
    private IActorRef status = ActorRefs.Nobody;
    private IActorRef jobs = ActorRefs.Nobody;
    private IActorRef queue = ActorRefs.Nobody;
    private ExceptionDispatchInfo? ending;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(EtlSettings settings, SplitReader reader, FaultPoints faults) =>
        Akka.Actor.Props.Create(() => new EtlSupervisor(settings, reader, faults));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => SupervisionPolicy.Root(IsPutOff);

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
        var extractors = Context.ActorOf(
            ExtractorsActor.Props(
                reader, mappers, jobs, new(settings.ExtractWindow, settings.Jobs.AckDeadline / 4) { Reading = policy.Of(SupervisedActor.Extractor) }, policy),
            "extractors");
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
            case SupervisionProtocol.SystemMayEnd or EndNow when ending is not null:
                ending.Throw();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // The system ends, but first the jobs journal why: the coordinators are still there. Not when they are what failed.
    private bool IsPutOff(IActorRef child, Exception cause)
    {
        if (child.Equals(jobs)) return false;
        if (ending is not null) return true;
        ending = ExceptionDispatchInfo.Capture(cause);
        jobs.Tell(new SupervisionProtocol.SystemEnds(
            SupervisionProtocol.IsTold(cause) ? null : SupervisionProtocol.RestartOf(child, cause, ActorRestart.Escalated)));
        Timers.StartSingleTimer(EndNow.Instance, EndNow.Instance, LastWords);
        return true;
    }

    private sealed class EndNow : ILocalMessage
    {
        public static readonly EndNow Instance = new();
    }
}
