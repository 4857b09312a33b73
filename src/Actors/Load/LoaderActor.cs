using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Etl.Actors.Hosting;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Protocol;
using Etl.Actors.Telemetry;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Supervision;

namespace Etl.Actors.Load;

/// <summary>How a sink that is busy is tried again.</summary>
/// <param name="Backoff">Wait after the first failed attempt; it doubles.</param>
/// <param name="Place">The schema that the sink <c>postgres</c> loads into, or null.</param>
/// <param name="Lease">What every sink checks before it replaces results; null when nobody can take over.</param>
public sealed record LoadSettings(int MaxAttempts, TimeSpan Backoff, PostgresPlace? Place = null, IRunLease? Lease = null);

/// <summary>
/// Loads a job: collects the reducers' totals, lets Domain build the report, and gives it to each sink in a task of its own, again after
/// a wait when a sink is busy. <c>run.json</c> is written last.
/// </summary>
public sealed class LoaderActor(JobProtocol.LoadJob job, IActorRef reducers, LoadSettings settings, FaultPoints faults)
    : ReportingActor, IWithTimers
{
    private readonly CancellationTokenSource stopping = new();
    private readonly EtlTelemetry telemetry = EtlTelemetry.Of(Context.System);
    private readonly DateTimeOffset began = EtlTelemetry.Of(Context.System).Traces.Now;
    private ImmutableDictionary<int, RegionTotal> totals = ImmutableDictionary<int, RegionTotal>.Empty;
    private ImmutableList<ISink> sinks = [];
    private ImmutableList<Task> writing = [];
    private ImmutableDictionary<string, SinkResult> loaded = ImmutableDictionary<string, SinkResult>.Empty;
    private ImmutableDictionary<string, LoadRefusal> refusals = ImmutableDictionary<string, LoadRefusal>.Empty;
    private Verdict? verdict;
    private SinkInput? input;
    private OutLock? held;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Recipe.</summary>
    public static Props Props(JobProtocol.LoadJob job, IActorRef reducers, LoadSettings settings, FaultPoints faults) =>
        Akka.Actor.Props.Create(() => new LoaderActor(job, reducers, settings, faults));

    /// <inheritdoc />
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(AskTick.Instance, AskTick.Instance, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        if (job.State.Regions.IsEmpty) Self.Tell(AskTick.Instance);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        stopping.Cancel();
        // A sink that is still writing keeps the lock: whoever comes next waits for it.
        var mine = held;
        Task.WhenAll(writing).ContinueWith(_ => mine?.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <inheritdoc />
    protected override void Failing(Exception cause) => Fails(SupervisedActor.Loader, job.Coordinator, cause, ActorRestart.AtOnce);

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AskTick when input is null && totals.Count < job.State.Regions.Count:
                foreach (var region in job.State.Regions.Where(r => !totals.ContainsKey(r)))
                    reducers.Tell(new ReduceProtocol.GetRegionTotal(job.State.Job, region));
                break;
            case AskTick when input is null:
                Build();
                break;
            case AskTick:
                break;
            case ReduceProtocol.RegionTotalReply reply when input is null:
                totals = totals.SetItem(reply.Region, new(reply.Region, reply.Total));
                if (totals.Count == job.State.Regions.Count) Build();
                break;
            case BeginAgain again:
                Begin(again.Report, again.Verdict, again.Attempt);
                break;
            case SinkDone done:
                faults.Pass("after-sink");
                loaded = loaded.SetItem(done.Sink.Name, done.Result);
                job.Coordinator.Tell(new JobProtocol.SinkLoaded(job.State.Job, done.Sink.Name, done.Place));
                ConcludeWhenAllAreIn();
                break;
            case SinkFailed { Cause: SinkException { IsTransient: true } } failed when failed.Attempt < settings.MaxAttempts:
                Timers.StartSingleTimer(failed.Sink.Name, new TryAgain(failed.Sink, failed.Attempt + 1), WaitAfter(failed.Attempt));
                break;
            case SinkFailed failed:
                refusals = refusals.SetItem(failed.Sink.Name, LoadRefusal.Of(failed.Sink.Name, failed.Cause));
                ConcludeWhenAllAreIn();
                break;
            case TryAgain again:
                telemetry.TriedAgain("load");
                Load(again.Sink, again.Attempt);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Build()
    {
        Timers.Cancel(AskTick.Instance);
        var state = job.State;
        var tally = state.Lines is { } lines
            ? state.Tally with { Rejections = lines.Number(state.Spec, state.Tally.Rejections) } : state.Tally;
        var built = ReportBuilder.Build(
            state.Spec, ReportBuilder.IsSeries(state.Spec, totals.Values), CountryDirectory.Default, job.Scheme,
            state.Plans.Values.Select(p => p.Choice).Distinct(), tally, totals.Values.OrderBy(t => t.Region));
        switch (built)
        {
            case Result<Report, ReportError>.Ok { Value: var report }:
                Begin(report, null, 1);
                break;
            case Result<Report, ReportError>.Error { Reason: { SetAside: { } setAside } nothing }:
                Begin(setAside, new(nothing.ExitCode, nothing.Message, HasAnswer: false), 1);
                break;
            case Result<Report, ReportError>.Error { Reason: var error }:
                Refuse(error.ExitCode, error.Message);
                break;
        }
    }

    private void Begin(Report report, Verdict? nothing, int attempt)
    {
        try
        {
            held = OutLock.Take(job.Settings.OutDirectory, TimeProvider.System);
        }
        catch (SinkException busy) when (busy.IsTransient && attempt < settings.MaxAttempts)
        {
            Timers.StartSingleTimer(nameof(BeginAgain), new BeginAgain(report, nothing, attempt + 1), WaitAfter(attempt));
            return;
        }
        catch (SinkException refused)
        {
            Refuse(refused.ExitCode, refused.Message);
            return;
        }

        var told = OlderEdition.Told(job.Settings.OutDirectory, report);
        input = new(report, RunFacts.Of(job.State, job.Run, DateTimeOffset.UtcNow, job.Settings.Effective.ToEquatableArray()) with { Chaos = ChaosOf() }, job.Settings.OutDirectory,
            settings.Lease)
        {
            Faults = faults,
            Told = told,
        };
        verdict = nothing ?? Judge(told);
        // An answer that does not pass the gate replaces nothing; the quarantine is written, so that people see why.
        sinks = SinkCatalog.Of(verdict is null ? job.Settings.Sinks : [], settings.Place);
        foreach (var sink in sinks) Load(sink, 1);
    }

    private static ChaosFacts? ChaosOf() => ChaosMonkey.Of(Context.System) is { IsOn: true } chaos
        ? new(chaos.Spec.ToString(), chaos.Counts.ToEquatableArray()) : null;

    private Verdict? Judge(Report report) =>
        QualityGate.Check(report, job.Settings.Strict, job.Settings.MaxQuarantined, job.Settings.MaxQuarantinedPercent) is { } reason
            ? new(3, reason, HasAnswer: true) : null;

    private TimeSpan WaitAfter(int attempt) => LoadEnding.WaitAfter(settings, attempt);

    private void Load(ISink sink, int attempt)
    {
        var (given, before, token) = (input!, job.State.Places.GetValueOrDefault(sink.Name), stopping.Token);
        var task = Task.Run(
            () =>
            {
                faults.Pass("before-sink");
                return LoadAsync(sink, given, before, token);
            },
            token);
        writing = writing.Add(task);
        task.PipeTo(Self, failure: cause => new SinkFailed(sink, attempt, cause));
    }

    // What an earlier run of the job loaded into the same place, and is still there, is not loaded again.
    private static async Task<SinkDone> LoadAsync(ISink sink, SinkInput input, LoadedPlace? before, CancellationToken cancellation)
    {
        var target = sink.Target(input);
        if (before is not null && before.Target == target && before.Answer == input.Answer && sink.Holds(input, before))
            return new(sink, new([.. before.Files], before.CrossCheck), before);
        var result = await sink.LoadAsync(input, cancellation).ConfigureAwait(false);
        return new(sink, result, new(target, input.Answer, [.. result.Files], result.CrossCheck));
    }

    // One sink's failure does not undo the others, nor stop them half-way.
    private void ConcludeWhenAllAreIn()
    {
        if (loaded.Count + refusals.Count < sinks.Count) return;
        var ending = LoadEnding.Conclude(input!, job.State.Spec.ProductVersion, verdict is { } failed ? new(failed.ExitCode, failed.Message) : null, loaded, refusals);
        Tell(new(
            job.State.Job, ending.ExitCode, ending.Error, verdict is { HasAnswer: false } ? null : input!.Told, ending.Facts, ending.Files, ending.CrossCheck)
        {
            IsHeldBack = ending.ExitCode != 0 && verdict is { HasAnswer: true },
        });
    }

    // Before there is anything to load.
    private void Refuse(int exitCode, string error) => Tell(new(job.State.Job, exitCode, error, null, null, [], null));

    private void Tell(JobProtocol.LoadDone result)
    {
        Timers.CancelAll();
        held?.Dispose();
        held = null;
        telemetry.Traces.Done(job.State.Job, TraceBook.Load, began, result.ExitCode);
        job.Coordinator.Tell(result);
    }

    /// <summary>Why nothing but the quarantine is loaded.</summary>
    private sealed record Verdict(int ExitCode, string Message, bool HasAnswer);

    private sealed record SinkDone(ISink Sink, SinkResult Result, LoadedPlace Place) : ILocalMessage;

    private sealed record SinkFailed(ISink Sink, int Attempt, Exception Cause) : ILocalMessage;

    private sealed record BeginAgain(Report Report, Verdict? Verdict, int Attempt) : ILocalMessage;

    private sealed record TryAgain(ISink Sink, int Attempt) : ILocalMessage;

    private sealed class AskTick : ILocalMessage, IDeadLetterSuppression
    {
        public static readonly AskTick Instance = new();
    }
}
