using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Actors.Reduce;

/// <summary>When a reducer writes.</summary>
/// <param name="CheckpointInterval">Longest time that a partial waits for others to share its write.</param>
/// <param name="GroupSize">So many waiting partials are written at once: half the un-acked window.</param>
public sealed record ReduceSettings(TimeSpan CheckpointInterval, int GroupSize);

/// <summary>
/// A region's reducer: collects partials, writes them as one event, and only then acknowledges them. A batch counts once, however often
/// it is offered. Its journal is its memory: a restart recovers by replay and says so, and what was not written is owed again.
/// </summary>
public sealed class RegionReducerActor : JournaledActor<PartialsMerged>, IWithTimers
{
    private readonly JobRegion id;
    private readonly ReduceSettings settings;
    private readonly IActorRef jobs;
    private readonly FaultPoints faults;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private RegionState state = RegionState.Initial;
    private ImmutableList<ReduceProtocol.MergePartial> pending = [];

    /// <summary>A reducer of one job and region; <paramref name="jobs"/> hears that it has recovered.</summary>
    public RegionReducerActor(JobRegion id, ReduceSettings settings, IActorRef jobs, FaultPoints faults)
    {
        this.id = id;
        this.settings = settings;
        this.jobs = jobs;
        this.faults = faults;
    }

    /// <inheritdoc />
    public override string PersistenceId => $"region-{id.Job}-{id.Region}";

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(JobRegion id, ReduceSettings settings, IActorRef jobs, FaultPoints faults) =>
        Akka.Actor.Props.Create(() => new RegionReducerActor(id, settings, jobs, faults));

    /// <summary>Recipes of the entities of a parent or a shard: each below a back-off supervisor that knows the final message.</summary>
    public static Func<JobRegion, Props> Entities(SupervisionPolicy policy, ReduceSettings settings, IActorRef jobs, FaultPoints faults) =>
        id => policy.Persistent(Props(id, settings, jobs, faults), "reducer", static message => message is StopRegion);

    /// <inheritdoc />
    protected override void Evolve(PartialsMerged persisted) => state = RegionReduction.Evolve(state, persisted);

    /// <inheritdoc />
    protected override void Recovered() =>
        jobs.Tell(new ReduceProtocol.RegionRecovered(id.Job, id.Region, Stopwatch.GetTimestamp()));

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ReduceProtocol.MergePartial merge:
                pending = pending.Add(merge);
                if (pending.Count >= settings.GroupSize || settings.CheckpointInterval <= TimeSpan.Zero) Commit();
                else if (pending.Count == 1) Timers.StartSingleTimer(CommitTick.Instance, CommitTick.Instance, settings.CheckpointInterval);
                break;
            case CommitTick or ReduceProtocol.FlushRegion:
                Commit();
                break;
            case ReduceProtocol.GetRegionTotal:
                Sender.Tell(new ReduceProtocol.RegionTotalReply(id.Job, id.Region, state.Merged, state.Total));
                break;
            case ReduceProtocol.ForgetRegion:
                DeleteMessages(LastSequenceNr);
                break;
            case DeleteMessagesFailure failure:
                log.Warning("{0}: the journal of a finished job could not be trimmed: {1}", PersistenceId, failure.Cause.Message);
                Context.Parent.Tell(new Passivate(StopRegion.Instance));
                break;
            case DeleteMessagesSuccess:
                Context.Parent.Tell(new Passivate(StopRegion.Instance));
                break;
            case StopRegion:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Commit()
    {
        Timers.Cancel(CommitTick.Instance);
        if (pending.IsEmpty) return;
        var group = pending;
        pending = [];
        var decision = RegionReduction.Decide(state, group.ConvertAll(m => new PartialOffer(m.Batch, m.Partial)));
        var writes = decision is Decision<PartialsMerged, string>.Accepted;
        if (writes) faults.Pass("before-persist");
        CarryOut(
            decision,
            () =>
            {
                if (writes) faults.Pass("after-persist");
                Acknowledge(group);
            },
            static error => throw new UnreachableException(error));
    }

    private void Acknowledge(ImmutableList<ReduceProtocol.MergePartial> group)
    {
        foreach (var sameJob in group.GroupBy(m => m.Coordinator))
            sameJob.Key.Tell(new ReduceProtocol.PartialsAcked(id.Job, id.Region, BatchSet.Of(sameJob.Select(m => m.Batch))));
        faults.Pass("after-ack");
    }

    /// <summary>The final-stop message of a finished job's reducer.</summary>
    private sealed class StopRegion : ILocalMessage
    {
        public static readonly StopRegion Instance = new();

        private StopRegion()
        {
        }
    }

    private sealed class CommitTick : ILocalMessage, INotInfluenceReceiveTimeout, IDeadLetterSuppression
    {
        public static readonly CommitTick Instance = new();

        private CommitTick()
        {
        }
    }
}
