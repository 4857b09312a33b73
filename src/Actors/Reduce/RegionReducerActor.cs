using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Actors.Telemetry;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Chaos;
using Etl.Domain.Reduce;
using Etl.Domain.Supervision;

namespace Etl.Actors.Reduce;

/// <summary>When a reducer writes.</summary>
/// <param name="CheckpointInterval">Longest time that a partial waits for others to share its write.</param>
/// <param name="GroupSize">So many waiting partials are written at once: half the un-acked window.</param>
/// <param name="CompactAfter">Every so many events one holds all there is, and the older ones are deleted.</param>
public sealed record ReduceSettings(TimeSpan CheckpointInterval, int GroupSize, int CompactAfter)
{
    /// <summary>After so long without a message a reducer asks itself whether its job is still under work.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>
/// A region's reducer: combines partials as they come, writes them as one event, and only then acknowledges them. A batch counts once,
/// however often it is offered. Its journal is its memory: a restart recovers by replay and says so, and what was not written is owed again.
/// </summary>
/// <remarks>While a write is in progress Akka keeps what comes for later: nothing is decided on a state that lacks an event.</remarks>
public sealed class RegionReducerActor : JournaledActor<RegionEvent>, IWithTimers
{
    private readonly JobRegion id;
    private readonly ReduceSettings settings;
    private readonly IActorRef jobs;
    private readonly FaultPoints faults;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly LiveBoard board = LiveBoard.Of(Context.System);
    private readonly ChaosMonkey chaos = ChaosMonkey.Of(Context.System);
    private RegionState state = RegionState.Initial;
    private readonly RegionGroup group = new();
    private ImmutableList<Waiting> waiting = [];
    private ImmutableHashSet<IActorRef> forgetters = [];

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
        id => policy.Persistent(SupervisedActor.Reducer, Props(id, settings, jobs, faults), static message => message is StopRegion);

    /// <inheritdoc />
    protected override void Evolve(RegionEvent persisted)
    {
        state = RegionReduction.Evolve(state, persisted);
        board.Set(id.Job, id.Region, state);
    }

    /// <inheritdoc />
    protected override bool HoldsAll(RegionEvent @event) => @event is RegionEvent.RegionCompacted;

    /// <inheritdoc />
    protected override void Recovered()
    {
        SetReceiveTimeout(settings.Idle);
        jobs.Tell(new ReduceProtocol.RegionRecovered(id.Job, id.Region, Stopwatch.GetTimestamp()));
    }

    /// <inheritdoc />
    protected override void Failing(Exception cause, string directive) =>
        jobs.Tell(new SupervisionProtocol.ActorFailed(id.Job, SupervisionProtocol.RestartOf(Self, cause, directive)));

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ReduceProtocol.MergePartial lost when chaos.IsOn && chaos.Strikes(ChaosKind.MessageDrop, $"{id} partial {lost.Batch}"):
                // It never came: its deadline passes, and the batch is issued again.
                break;
            case ReduceProtocol.MergePartial merge:
                group.Add(state, new(merge.Batch, merge.Partial));
                waiting = waiting.Add(new(merge.Coordinator, merge.Batch, Telemetry.Traces.Now));
                if (waiting.Count >= settings.GroupSize || settings.CheckpointInterval <= TimeSpan.Zero) Commit();
                else if (waiting.Count == 1) Timers.StartSingleTimer(CommitTick.Instance, CommitTick.Instance, settings.CheckpointInterval);
                break;
            case CommitTick or ReduceProtocol.FlushRegion:
                Commit();
                break;
            case ReceiveTimeout:
                // Of a job that was cancelled or failed: what is durable is read again when somebody asks. Not of one that is under work, however slow its
                // source: it would take the next incarnation for one that has lost something.
                if (waiting.IsEmpty && board.IsOn && board.Find(id.Job) is not { End: null }) Context.Parent.Tell(new Passivate(StopRegion.Instance));
                break;
            case ReduceProtocol.GetRegionTotal:
                Sender.Tell(new ReduceProtocol.RegionTotalReply(id.Job, id.Region, state.Merged, state.Total));
                break;
            case ReduceProtocol.ForgetRegion forget:
                Forget(forget.Asker);
                break;
            case DeleteMessagesSuccess { ToSequenceNr: var deleted } when deleted == LastSequenceNr:
                EndForgotten();
                break;
            case DeleteMessagesSuccess:
                faults.Pass("after-trim");
                break;
            case DeleteMessagesFailure failure:
                // It is tried again: with the next event that holds all, or, of a job that is over, at the next start.
                log.Warning("{0}: older events could not be deleted from the journal: {1}", PersistenceId, failure.Cause.Message);
                if (!forgetters.IsEmpty) Context.Parent.Tell(new Passivate(StopRegion.Instance));
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
        if (waiting.IsEmpty) return;
        var acks = waiting;
        waiting = [];
        var decision = group.Close(state, settings.CompactAfter);
        var writes = decision is Decision<RegionEvent, string>.Accepted;
        if (writes && chaos.IsOn) chaos.Pass(ChaosKind.JournalFail, id.Job, $"write {LastSequenceNr} of region {id.Region}");
        if (writes) faults.Pass("before-persist");
        if (decision is Decision<RegionEvent, string>.Accepted { Events: [RegionEvent.RegionCompacted] }) faults.Pass("before-compact");
        CarryOut(
            decision,
            () =>
            {
                if (writes) faults.Pass("after-persist");
                Acknowledge(acks);
                if (writes && state.Events == 0) DeleteOlder();
            },
            static error => throw new UnreachableException(error));
    }

    private void Acknowledge(ImmutableList<Waiting> acks)
    {
        faults.Pass("before-ack");
        foreach (var ack in acks) Telemetry.Traces.Done(id.Job, ack.Batch, TraceBook.Reduce, ack.Since, id.Region);
        foreach (var sameJob in acks.GroupBy(w => w.Coordinator))
            sameJob.Key.Tell(new ReduceProtocol.PartialsAcked(id.Job, id.Region, BatchSet.Of(sameJob.Select(w => w.Batch))));
        faults.Pass("after-ack");
    }

    // The last event holds all there is: a kill before this leaves older events, which a replay reads for nothing.
    private void DeleteOlder()
    {
        faults.Pass("after-compact");
        DeleteMessages(LastSequenceNr - 1);
    }

    private void Forget(IActorRef asker)
    {
        Timers.Cancel(CommitTick.Instance);
        waiting = [];
        var first = forgetters.IsEmpty;
        forgetters = forgetters.Add(asker);
        if (!first) return;
        // The journal keeps the last event it deleted, for its number: hence one that is nearly nothing.
        CarryOut(
            RegionReduction.Forget(state),
            () =>
            {
                faults.Pass("before-forget");
                if (LastSequenceNr == 0) EndForgotten();
                else DeleteMessages(LastSequenceNr);
            },
            static error => throw new UnreachableException(error));
    }

    private void EndForgotten()
    {
        if (forgetters.IsEmpty) return;
        faults.Pass("after-forget");
        foreach (var asker in forgetters) asker.Tell(new ReduceProtocol.RegionForgotten(id.Job, id.Region));
        Context.Parent.Tell(new Passivate(StopRegion.Instance));
    }

    /// <summary>Who is told of which batch when it is durable.</summary>
    private readonly record struct Waiting(IActorRef Coordinator, BatchId Batch, DateTimeOffset Since);

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
