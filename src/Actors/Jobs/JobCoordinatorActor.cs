using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;
using static Etl.Actors.Jobs.CoordinatorTicks;

namespace Etl.Actors.Jobs;

/// <summary>
/// A job's persistent coordinator. Every decision is <see cref="Job"/>'s and every wait is in <see cref="Flight"/>; this actor persists
/// what the first says and sends what is owed. Being created is the same as being recovered: both end in <see cref="Advance"/>.
/// </summary>
public sealed partial class JobCoordinatorActor(JobCoordinatorActor.Assignment assignment, JobTree tree, JobSettings settings, FaultPoints faults)
    : JournaledActor<JobEvent>, IWithTimers
{
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly LiveBoard board = LiveBoard.Of(Context.System);
    private JobState state = Job.Initial;
    private Flight flight = Flight.Empty;
    private ImmutableDictionary<int, long> incarnations = ImmutableDictionary<int, long>.Empty;
    private bool loading;
    private SplitWindow splits = SplitWindow.Empty;
    private InputProgress inputs = InputProgress.Empty;
    private int stalls;

    /// <inheritdoc />
    public override string PersistenceId => $"job-{assignment.Job}";

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe; it holds all that a new incarnation needs to go on.</summary>
    public static Props Props(Assignment assignment, JobTree tree, JobSettings settings, FaultPoints faults) =>
        Akka.Actor.Props.Create(() => new JobCoordinatorActor(assignment, tree, settings, faults));

    /// <inheritdoc />
    protected override void Evolve(JobEvent persisted)
    {
        var before = state;
        state = Job.Evolve(before, persisted);
        board.Set(assignment.Job, state, flight, inputs);
        // What is replayed is old news.
        if (IsRecovering) return;
        Telemetry.Note(assignment.Job, persisted);
        foreach (var news in JobNews.Of(before, persisted, state, inputs)) tree.Status.Tell(news);
    }

    /// <inheritdoc />
    protected override bool HoldsAll(JobEvent @event) => @event is JobEvent.Summarised;

    /// <inheritdoc />
    protected override void Recovered() => Self.Tell(Begin.Instance);

    /// <inheritdoc />
    protected override void OnCommand(object message)
    {
        if (IsSupervision(message) || IsLost(message)) return;
        switch (message)
        {
            case Begin when state is JobState.Ended ended:
                tree.Jobs.Tell(new JobProtocol.JobWasOver(assignment.Job, ended.ExitCode));
                break;
            case not Begin when state is JobState.Ended:
                // What still comes is late; above all, a region lost after the end must not turn a job that is done into one that failed.
                break;
            case Begin:
                if (JobNews.OfResume(state, assignment.Run) is { } resumed) tree.Status.Tell(resumed);
                Execute(new JobCommand.Begin(assignment.Job, assignment.Spec, assignment.Run, Now), StartExtractors);
                break;
            case ExtractProtocol.SplitRead read:
                Execute(new JobCommand.Plan(read.Split, read.Batches, read.Choice), () =>
                {
                    tree.Status.Tell(new StatusProtocol.SourceChosen(assignment.Job, read.Choice));
                    Advance();
                });
                break;
            case MapProtocol.BatchMapped mapped:
                flight = flight.Mapped(mapped.Batch, mapped.Tally, mapped.Regions, mapped.Lines);
                board.Set(assignment.Job, state, flight, inputs);
                Advance();
                break;
            case ExtractProtocol.StreamRead read:
                inputs = inputs.Read(read.Split, read.Position);
                break;
            case ExtractProtocol.SplitEnded ended:
                Execute(new JobCommand.EndSplit(ended.Split, ended.Batches), () =>
                {
                    flight = flight.EndSplit(ended.Split, ended.Batches);
                    Advance();
                });
                break;
            case ExtractProtocol.BatchesHeld held:
                flight = flight.Extend(held.Batches, Deadline);
                break;
            case ReduceProtocol.PartialsAcked acked:
                flight = flight.Ack(acked.Region, acked.Batches);
                Advance();
                break;
            case CompleteTick:
                Complete();
                break;
            case MapProtocol.BatchCrashed crashed:
                Execute(crashed.Command(Now), () => GivenBack(crashed.Batch));
                break;
            case MapProtocol.ProbePassed passed:
                if (Blame.Awaits(state, passed.Batch, passed.Rows)) Execute(new JobCommand.Clear(passed.Batch, passed.Rows), () => GivenBack(passed.Batch));
                break;
            case ReduceProtocol.RegionRecovered recovered:
                // The first incarnation that this run sees has lost nothing: its first partial is what created it.
                var known = incarnations.TryGetValue(recovered.Region, out var earlier) && earlier != recovered.Incarnation;
                incarnations = incarnations.SetItem(recovered.Region, recovered.Incarnation);
                if (known) IssueAgain(flight.WaitingOn(recovered.Region), $"the reducer of region {recovered.Region} was replaced");
                break;
            case DeadlineTick:
                Overdue(flight.Overdue(Now));
                break;
            case JobProtocol.SinkLoaded loaded:
                Execute(new JobCommand.SinkDone(loaded.Sink, loaded.Place), static () => { });
                break;
            case JobProtocol.LoadDone { ExitCode: 0 } done:
                faults.Pass("before-finish");
                Execute(new JobCommand.Finish(Now), () => End(done, durable: true));
                break;
            case JobProtocol.LoadDone open when open.IsHeldBack || open.ExitCode is 74 or 75:
                // A limit of the run or the sink (no disk, or another process is in it) is in the way, not the job: the next start loads again.
                End(open, durable: false);
                break;
            case JobProtocol.LoadDone failed:
                Execute(new JobCommand.Fail(failed.ExitCode, failed.Error ?? "", Now), () => End(failed, durable: true));
                break;
            case ExtractProtocol.SplitFailed { ExitCode: 74 } unreadable:
                End(Failure(unreadable.ExitCode, unreadable.Reason), durable: false);
                break;
            case ExtractProtocol.SplitFailed failed:
                Fail(failed.ExitCode, failed.Reason);
                break;
            case ReduceProtocol.RegionLost lost:
                End(Failure(74, $"region {lost.Region}: {lost.Reason}") with { IsJournalLost = true }, durable: false);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private DateTimeOffset Deadline => Now + (settings.AckDeadline * (1 << stalls));

    private void Execute(JobCommand command, Action then)
    {
        faults.Pass("before-job-write");
        CarryOut(Job.Decide(state, command), faults.Before("after-job-write", then), error => End(Failure(1, error), durable: false));
    }

    private void StartExtractors()
    {
        tree.Jobs.Tell(new SupervisionProtocol.CoordinatorBegan(assignment.Job));
        Timers.StartPeriodicTimer(DeadlineTick.Instance, DeadlineTick.Instance, settings.AckDeadline / 4);
        Advance();
    }

    private void MoveSplits(JobState.Running running)
    {
        var (start, stop, after) = splits.Next(running);
        splits = after;
        foreach (var split in stop) tree.Extractors.Tell(new ExtractProtocol.SplitOver(running.Job, split));
        // Where the inputs are now: what an earlier stage wrote is known by its content, and may have been moved.
        var spec = running.CalledAs(assignment.Spec).Spec;
        foreach (var split in start)
            tree.Extractors.Tell(new ExtractProtocol.ExtractSplit(running.Job, split, spec.Inputs[running.InputOf(split)], spec));
    }

    /// <summary>Does what <see cref="Dispatch"/> says is next.</summary>
    private void Advance()
    {
        if (Stops()) return;
        if (JobStop.Of(state, assignment.Settings.MaxQuarantined, settings.MaxAttempts, settings.MaxCondemned) is { } stop)
        {
            if (stop.ForGood) Fail(stop.ExitCode, stop.Reason);
            else End(Failure(stop.ExitCode, stop.Reason), durable: false);
            return;
        }

        if (state is JobState.Running now) MoveSplits(now);
        var step = Dispatch.Next(state, flight, settings.UnackedWindow);
        if (step.Complete == CompleteWhen.Now) Complete();
        else if (step.Complete == CompleteWhen.Soon && !Timers.IsTimerActive(CompleteTick.Instance))
            Timers.StartSingleTimer(CompleteTick.Instance, CompleteTick.Instance, settings.CheckpointInterval);
        if (step.Alone is { } alone) Execute(new JobCommand.Try(alone), () => Issue(step.Issue));
        else if (!step.Issue.IsEmpty) Issue(step.Issue);

        foreach (var region in step.Flush) tree.Reducers.Tell(new ReduceProtocol.FlushRegion(assignment.Job, region, Self));
        if (!step.Load || loading || state is not JobState.Running running) return;
        loading = true;
        faults.Pass("before-load");
        tree.Loaders.Tell(new JobProtocol.LoadJob(running.CalledAs(assignment.Spec), tree.Reader.SchemeOf(running.Spec), assignment.Run, assignment.Settings, Self));
    }

    private void Issue(ImmutableArray<BatchId> batches)
    {
        flight = flight.Issue(batches, Deadline, stalls);
        Telemetry.Issued(assignment.Job, batches);
        board.Set(assignment.Job, state, flight, inputs);
        tree.Extractors.Tell(new ExtractProtocol.IssueBatches(assignment.Job, BatchSet.Of(batches)) { Cautions = Blame.Cautions(state, batches) });
    }

    private void Complete()
    {
        Timers.Cancel(CompleteTick.Instance);
        var (settled, began) = (flight.Settled, Telemetry.Traces.Now);
        if (settled.IsEmpty) return;
        faults.Pass("before-complete");
        var collapses = Job.Collapses(state, settled.Keys);
        if (collapses) faults.Pass("before-collapse");
        Execute(new JobCommand.Complete(settled) { At = Now }, () =>
        {
            faults.Pass("after-complete");
            if (collapses) faults.Pass("after-collapse");
            foreach (var (batch, done) in settled) Telemetry.Traces.Completed(assignment.Job, batch, began, done.Tally.Read);
            flight = flight.Remove(settled.Keys);
            stalls = 0;
            Advance();
        });
    }

    private void Fail(int exitCode, string reason) =>
        Execute(new JobCommand.Fail(exitCode, reason, Now), () => End(Failure(exitCode, reason), durable: true));

    private JobProtocol.LoadDone Failure(int exitCode, string reason) => new(assignment.Job, exitCode, reason, null, null, [], null);

    private void End(JobProtocol.LoadDone result, bool durable)
    {
        if (durable) faults.Pass("after-finish");
        Timers.CancelAll();
        tree.Extractors.Tell(new JobProtocol.ForgetJob(assignment.Job));
        tree.Loaders.Tell(new JobProtocol.ForgetJob(assignment.Job));
        tree.Jobs.Tell(new JobProtocol.JobEnded(assignment.Job, durable, result));
    }

    /// <summary>What a coordinator works on, in which run.</summary>
    public sealed record Assignment(JobId Job, JobSpec Spec, RunId Run, JobProtocol.RunSettings Settings);
}
