using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Etl.Actors.Hosting;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Protocol;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Load;

namespace Etl.Actors.Load;

/// <summary>How a sink that is busy is tried again.</summary>
/// <param name="Backoff">Wait after the first failed attempt; it doubles.</param>
public sealed record LoadSettings(int MaxAttempts, TimeSpan Backoff);

/// <summary>
/// Loads a job: collects the reducers' totals, lets Domain build the report, and gives it to each sink in a task of its own, again after
/// a wait when a sink is busy. <c>run.json</c> is written last.
/// </summary>
public sealed class LoaderActor(JobProtocol.LoadJob job, IActorRef reducers, LoadSettings settings, FaultPoints faults)
    : UntypedActor, IWithTimers
{
    private readonly CancellationTokenSource stopping = new();
    private ImmutableDictionary<int, RegionTotal> totals = ImmutableDictionary<int, RegionTotal>.Empty;
    private ImmutableDictionary<string, SinkResult> loaded = ImmutableDictionary<string, SinkResult>.Empty;
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
        stopping.Dispose();
        held?.Dispose();
    }

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
            case SinkDone done:
                faults.Pass("after-sink");
                loaded = loaded.SetItem(done.Sink.Name, done.Result);
                job.Coordinator.Tell(new JobProtocol.SinkLoaded(job.State.Job, done.Sink.Name));
                if (loaded.Count == Sinks.Count) Conclude(0, null);
                break;
            case SinkFailed { Cause: SinkException { IsTransient: true } } failed when failed.Attempt < settings.MaxAttempts:
                Timers.StartSingleTimer(
                    failed.Sink.Name, new TryAgain(failed.Sink, failed.Attempt + 1), settings.Backoff * Math.Pow(2, failed.Attempt - 1));
                break;
            case SinkFailed { Cause: SinkException refused }:
                Conclude(refused.ExitCode, refused.Message);
                break;
            case SinkFailed failed:
                Conclude(1, $"the sink {failed.Sink.Name} failed: {failed.Cause.Message}");
                break;
            case TryAgain again:
                Load(again.Sink, again.Attempt);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private ImmutableList<ISink> Sinks => SinkCatalog.Of(job.Settings.Sinks);

    private void Build()
    {
        Timers.Cancel(AskTick.Instance);
        var state = job.State;
        var built = ReportBuilder.Build(
            state.Spec, series: false, CountryDirectory.Default, job.Scheme, state.Plans.Values.Select(p => p.Choice), state.Tally,
            totals.Values.OrderBy(t => t.Region));
        switch (built)
        {
            case Result<Report, ReportError>.Ok { Value: var report }:
                Begin(report);
                break;
            case Result<Report, ReportError>.Error { Reason: var error }:
                Conclude(error.ExitCode, error.Message);
                break;
        }
    }

    private void Begin(Report report)
    {
        try
        {
            held = OutLock.Take(job.Settings.OutDirectory, TimeProvider.System);
        }
        catch (SinkException refused)
        {
            Conclude(refused.ExitCode, refused.Message);
            return;
        }

        var facts = RunFacts.Of(job.State, job.Run, DateTimeOffset.UtcNow, job.Settings.Effective.ToEquatableArray());
        input = new(report, facts, job.Settings.OutDirectory);
        var gate = QualityGate.Check(report, job.Settings.Strict, job.Settings.MaxQuarantined, job.Settings.MaxQuarantinedPercent);
        if (gate is not null) Conclude(3, gate);
        else foreach (var sink in Sinks) Load(sink, 1);
    }

    private void Load(ISink sink, int attempt)
    {
        var (given, token) = (input!, stopping.Token);
        Task.Run(() => sink.LoadAsync(given, token), token).PipeTo(
            Self, success: result => new SinkDone(sink, result), failure: cause => new SinkFailed(sink, attempt, cause));
    }

    private void Conclude(int exitCode, string? error)
    {
        Timers.CancelAll();
        ImmutableArray<LoadedFile> files = [.. loaded.Values.SelectMany(r => r.Files).OrderBy(f => f.Name, StringComparer.Ordinal)];
        var result = new JobProtocol.LoadDone(
            job.State.Job, exitCode, error, input?.Report, input?.Facts, files,
            loaded.Values.Select(r => r.CrossCheck).FirstOrDefault(c => c is not null));
        if (exitCode == 0 && input is not null)
        {
            try
            {
                faults.Pass("before-run-json");
                var facts = input.Facts with { Finished = DateTimeOffset.UtcNow };
                result = result with { Files = files, Facts = facts };
                RunJsonWriter.Write(job.Settings.OutDirectory, input.Report, facts, files);
                faults.Pass("after-run-json");
            }
            catch (SinkException refused)
            {
                result = result with { ExitCode = refused.ExitCode, Error = refused.Message };
            }
        }

        held?.Dispose();
        held = null;
        job.Coordinator.Tell(result);
    }

    private sealed record SinkDone(ISink Sink, SinkResult Result) : ILocalMessage;

    private sealed record SinkFailed(ISink Sink, int Attempt, Exception Cause) : ILocalMessage;

    private sealed record TryAgain(ISink Sink, int Attempt) : ILocalMessage;

    private sealed class AskTick : ILocalMessage, IDeadLetterSuppression
    {
        public static readonly AskTick Instance = new();
    }
}
