using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Supervision;
using Etl.Actors.Telemetry;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors.Jobs;

/// <summary>
/// The parent of the catalog and of a coordinator per job under work. Holds what is asked of the catalog until it is answered, and turns
/// a persistent actor that is lost for good into the end of its job: nothing waits for ever.
/// </summary>
public sealed partial class JobsActor : UntypedActor, IWithTimers
{
    private const int JournalLost = 74, MostOpened = 3;
    private static readonly TimeSpan Leisure = TimeSpan.FromSeconds(2);
    private static readonly string CatalogGone = JobProtocol.JournalLost("the catalog of jobs");

    private readonly SupervisionPolicy policy;
    private readonly Func<JobTree, JobCoordinatorActor.Assignment, Props> coordinatorOf;
    private readonly Func<JobTree, JobId, int, Props> forgetterOf;
    private readonly IActorRef status;
    private readonly FaultPoints faults;
    private JobTree? tree;
    private IActorRef catalog = ActorRefs.Nobody;
    private ImmutableDictionary<JobId, Opening> opening = ImmutableDictionary<JobId, Opening>.Empty;
    private ImmutableDictionary<JobId, JobProtocol.JobEnded> closing = ImmutableDictionary<JobId, JobProtocol.JobEnded>.Empty;
    private ImmutableDictionary<JobId, Opening> running = ImmutableDictionary<JobId, Opening>.Empty;
    private ImmutableDictionary<JobId, Opening> afterStop = ImmutableDictionary<JobId, Opening>.Empty;
    private ImmutableArray<KeyValuePair<JobId, int>> owed = [];
    private ImmutableHashSet<JobId> forgetting = [];
    private bool trimming;

    /// <summary>Coordinators are made by <paramref name="coordinatorOf"/>, what forgets a job by <paramref name="forgetterOf"/>.</summary>
    public JobsActor(
        SupervisionPolicy policy, Func<JobTree, JobCoordinatorActor.Assignment, Props> coordinatorOf,
        Func<JobTree, JobId, int, Props> forgetterOf, IActorRef status, FaultPoints faults)
    {
        this.policy = policy;
        this.coordinatorOf = coordinatorOf;
        this.forgetterOf = forgetterOf;
        this.status = status;
        this.faults = faults;
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(
        SupervisionPolicy policy, Func<JobTree, JobCoordinatorActor.Assignment, Props> coordinatorOf,
        Func<JobTree, JobId, int, Props> forgetterOf, IActorRef status, FaultPoints faults) =>
        Akka.Actor.Props.Create(() => new JobsActor(policy, coordinatorOf, forgetterOf, status, faults));

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => policy.Jobs;

    /// <inheritdoc />
    protected override void PreStart()
    {
        OpenCatalog();
        Timers.StartPeriodicTimer(FaultTick.Instance, FaultTick.Instance, policy.JournalPatience / 20);
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        if (IsSupervision(message)) return;
        switch (message)
        {
            case JobTree built:
                tree = built;
                break;
            case JobProtocol.OpenJob open when catalog.IsNobody():
                End(Lost(open.FreshId, CatalogGone));
                break;
            case JobProtocol.OpenJob open:
                opening = opening.SetItem(open.FreshId, new(open, Sender));
                catalog.Tell(FindOf(open));
                break;
            case JobCatalogActor.CatalogRecovered:
                NoteRecovery();
                foreach (var asked in opening.Values) catalog.Tell(FindOf(asked.Request));
                foreach (var ended in closing.Values) catalog.Tell(CloseOf(ended));
                break;
            case JobCatalogActor.Found found when opening.TryGetValue(found.FreshId, out var asked):
                opening = opening.Remove(found.FreshId);
                Start(found.Job, asked);
                break;
            case JobProtocol.JobWasOver over when running.TryGetValue(over.Job, out var asked):
                // Its last process died between the job's end and the catalog's note of it: close it, and open a new one.
                Stop(over.Job);
                EtlTelemetry.Of(Context.System).Traces.End(over.Job, over.ExitCode);
                catalog.Tell(new JobCatalogActor.Close(over.Job, over.ExitCode, DateTimeOffset.UtcNow));
                if (asked.Opened > MostOpened)
                {
                    // Its coordinator fails right after the end of each job that is opened for it.
                    End(Lost(over.Job, "the job ends again and again, and fails to say so; what failed is told above"));
                    break;
                }

                var again = asked with { Request = asked.Request with { FreshId = new(Guid.NewGuid()) }, Opened = asked.Opened + 1 };
                opening = opening.SetItem(again.Request.FreshId, again);
                catalog.Tell(FindOf(again.Request));
                break;
            case JobProtocol.JobEnded { Job: var known } when !running.ContainsKey(known):
                // A coordinator that gives up says so as often as something reaches it before it stops.
                break;
            case JobProtocol.JobEnded { Durable: true } ended:
                closing = closing.SetItem(ended.Job, ended);
                catalog.Tell(CloseOf(ended));
                break;
            case JobProtocol.JobEnded ended:
                End(ended);
                break;
            case JobCatalogActor.Closed closed when closing.TryGetValue(closed.Job, out var ended):
                closing = closing.Remove(closed.Job);
                End(ended);
                break;
            case ReduceProtocol.RegionRecovered recovered:
                NoteRecovery();
                Context.Child(recovered.Job.ToString()).Forward(recovered);
                break;
            case ReduceProtocol.RegionLost lost:
                Context.Child(lost.Job.ToString()).Forward(stopped.TryGetValue(lost.Job, out var why) ? lost with { Reason = why } : lost);
                break;
            case CoordinatorLost lost:
                End(Lost(lost.Job, stopped.GetValueOrDefault(lost.Job) ?? JobProtocol.JournalLost("the job's events")));
                break;
            case CoordinatorStopped stopped when afterStop.TryGetValue(stopped.Job, out var asked):
                afterStop = afterStop.Remove(stopped.Job);
                Start(stopped.Job, asked);
                break;
            case CoordinatorStopped:
                if (trimming) ForgetOwed();
                break;
            case ForgetTick:
                ForgetOwed();
                break;
            case JobProtocol.TrimJournal:
                trimming = true;
                if (owed.IsEmpty) status.Tell(StatusProtocol.JournalTrimmed.Instance);
                ForgetOwed();
                break;
            case JobCatalogActor.Owed { Jobs: var jobs }:
                owed = jobs;
                forgetting = forgetting.Intersect(jobs.Select(job => job.Key));
                if (owed.IsEmpty) status.Tell(StatusProtocol.JournalTrimmed.Instance);
                // Nobody waits for it: not at a start, and not at the end of a short run. In a host that is never idle its time comes all the same.
                else if (!Timers.IsTimerActive(ForgetTick.Instance)) Timers.StartSingleTimer(ForgetTick.Instance, ForgetTick.Instance, Leisure);
                break;
            case JobForgetterActor.Forgotten forgotten:
                catalog.Tell(new JobCatalogActor.Forget(forgotten.Job, DateTimeOffset.UtcNow));
                break;
            case CatalogLost:
                catalog = ActorRefs.Nobody;
                EndAll(CatalogGone);
                // A process that lives on tries again: a disk is freed, a server comes back.
                Timers.StartSingleTimer(ReviveTick.Instance, ReviveTick.Instance, policy.JournalMaxBackoff);
                break;
            case ReviveTick:
                OpenCatalog();
                break;
            case FaultTick when JournalFaults.Of(Context.System).FailingFor > policy.JournalPatience:
                EndAll(JobProtocol.JournalLost("events"));
                break;
            case FaultTick:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static JobProtocol.JobEnded Lost(JobId job, string reason) =>
        new(job, false, new(job, JournalLost, reason, null, null, [], null) { IsJournalLost = true });

    private void Start(JobId job, Opening asked)
    {
        if (running.ContainsKey(job))
        {
            asked.ReplyTo.Tell(new JobProtocol.JobOpened(job) { Ticket = asked.Request.Ticket });
            return;
        }

        // A name is not free again, nor a journal, until its last actor has stopped.
        if (!Context.Child(job.ToString()).IsNobody())
        {
            afterStop = afterStop.SetItem(job, asked);
            return;
        }

        running = running.SetItem(job, asked);
        LiveBoard.Of(Context.System).Begin(job);
        EtlTelemetry.Of(Context.System).Traces.Begin(job, asked.Request.Spec, asked.Request.Run);
        NoteCatalog(job);
        var assignment = new JobCoordinatorActor.Assignment(job, asked.Request.Spec, asked.Request.Run, asked.Request.Settings);
        var child = Context.ActorOf(policy.Persistent(SupervisedActor.Coordinator, coordinatorOf(tree!, assignment), static _ => false), job.ToString());
        Context.WatchWith(child, new CoordinatorLost(job));
        asked.ReplyTo.Tell(new JobProtocol.JobOpened(job) { Ticket = asked.Request.Ticket });
    }

    private void EndAll(string reason)
    {
        foreach (var job in running.Keys.Concat(opening.Keys).Concat(closing.Keys).Distinct().ToArray()) End(Lost(job, reason));
    }

    private void End(JobProtocol.JobEnded ended)
    {
        Stop(ended.Job);
        opening = opening.Remove(ended.Job);
        closing = closing.Remove(ended.Job);
        LiveBoard.Of(Context.System).End(ended);
        EtlTelemetry.Of(Context.System).Ended(ended.Job, ended.Result.ExitCode);
        status.Tell(ended);
    }

    // One that fails is not made again here: it is owed at the next start.
    private void ForgetOwed()
    {
        foreach (var (job, regions) in owed)
        {
            if (forgetting.Contains(job) || running.ContainsKey(job) || !Context.Child(job.ToString()).IsNobody()) continue;
            forgetting = forgetting.Add(job);
            Context.ActorOf(forgetterOf(tree!, job, regions), $"forget-{job}");
        }
    }

    private void Stop(JobId job)
    {
        Leave(job);
        running = running.Remove(job);
        var child = Context.Child(job.ToString());
        if (child.IsNobody()) return;
        Context.Unwatch(child);
        Context.WatchWith(child, new CoordinatorStopped(job));
        Context.Stop(child);
    }

    private sealed class FaultTick : ILocalMessage, INotInfluenceReceiveTimeout
    {
        public static readonly FaultTick Instance = new();
    }

    private sealed class ForgetTick : ILocalMessage
    {
        public static readonly ForgetTick Instance = new();
    }

    /// <param name="Opened">How many jobs this process has opened for it.</param>
    private sealed record Opening(JobProtocol.OpenJob Request, IActorRef ReplyTo, int Opened = 1);

    private sealed record CoordinatorLost(JobId Job) : ILocalMessage;

    private sealed record CoordinatorStopped(JobId Job) : ILocalMessage;

    private sealed record CatalogLost : ILocalMessage;
}
