using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Jobs.Reading;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Protocol;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;
using Microsoft.Extensions.DependencyInjection;

namespace Etl.Actors.Hosting;

/// <summary>What a host is started with.</summary>
/// <param name="Journal">State directory, configuration and connection.</param>
/// <param name="Sinks">Where results go unless a job says it; empty: those of <c>etl.load.sinks</c>.</param>
public sealed record HostRequest(JournalRequest Journal, ImmutableArray<string> Sinks);

/// <summary>
/// An actor system that lives on and works on the jobs of a durable queue, several side by side. Holds the state directory as a run does,
/// and starts with what its predecessor left unfinished. Thread-safe.
/// </summary>
public sealed class JobHost : IAsyncDisposable
{
    private const int Usage = 2, InUse = 75;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly StateDirectory state;
    private readonly PostgresRun? server;
    private readonly Config config;
    private readonly EtlSettings settings;
    private readonly BatchBuffers buffers;
    private readonly TaskCompletionSource<ActorSystem> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef root = ActorRefs.Nobody;

    private JobHost(HostRequest request, StateDirectory state, PostgresRun? server, Config config, EtlSettings settings)
    {
        (Request, this.state, this.server, this.config, this.settings) = (request, state, server, config, settings);
        buffers = new(settings.Records.BufferBytes);
        Effective = EtlConfig.Effective(config);
    }

    /// <summary>What it was started with.</summary>
    public HostRequest Request { get; }

    /// <summary>The configuration in force, secrets masked.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Effective { get; }

    /// <summary>Where results go unless a job says it.</summary>
    public ImmutableArray<string> Sinks => Request.Sinks.IsEmpty ? settings.Sinks : Request.Sinks;

    /// <summary>Size of the mapper pool as configured.</summary>
    public int Mappers => settings.Mappers;

    /// <summary>Jobs that run side by side.</summary>
    public int Places => settings.HostJobs;

    /// <summary>The actor system, once it is up.</summary>
    public Task<ActorSystem> System => started.Task;

    /// <summary>What the actors are doing; null before the system is up.</summary>
    public LiveBoard? Board => started.Task.IsCompletedSuccessfully ? LiveBoard.Of(started.Task.Result) : null;

    /// <summary>Ends when the host must end: why, and with which exit code.</summary>
    public Task<(int ExitCode, string Reason)> Lost => LostAsync();

    /// <summary>Locks the state directory and makes the journal ready. The actor system starts with the services.</summary>
    /// <exception cref="RunException">2: configuration. 74: disk or server. 75: in use.</exception>
    public static async Task<JobHost> OpenAsync(HostRequest request)
    {
        var at = request.Journal;
        StateDirectory? state = null;
        PostgresRun? server = null;
        try
        {
            var config = EtlConfig.Compose(at.ConfigFiles, at.Settings, SqliteJournal.ConnectionString(StateDirectory.JournalOf(at.StateDirectory)));
            var settings = EtlSettings.From(config);
            ThreadPool.GetMinThreads(out var threads, out var completions);
            ThreadPool.SetMinThreads(Math.Max(threads, Environment.ProcessorCount + settings.Mappers), completions);
            state = StateDirectory.Open(at.StateDirectory);
            server = await PostgresRun.OpenAsync(request.Sinks.IsEmpty ? settings.Sinks : request.Sinks, at.Postgres, config, Task.CompletedTask).ConfigureAwait(false);
            if (server is not null) (config, settings) = (server.Over(config), server.Over(settings));
            if (SqliteJournal.IsUsed(config)) SqliteJournal.Prepare(state.Journal);
            settings = settings with { Queue = new(settings.HostJobs, settings.HostQueue, EtlConfig.Effective(config)) };
            return new(request, state, server, config, settings);
        }
        catch (Exception cause)
        {
            if (server is not null) await server.DisposeAsync().ConfigureAwait(false);
            state?.Dispose();
            throw cause switch
            {
                ConfigurationException wrong => new RunException(Usage, wrong.Message, wrong),
                SinkException refused => new RunException(refused.ExitCode, refused.Message, refused),
                _ => cause,
            };
        }
    }

    /// <summary>Adds the actor system to a host's services; it starts and stops with them.</summary>
    /// <param name="report">Hears warnings and errors of the actor system: level, where, what.</param>
    public void AddTo(IServiceCollection services, IRunObserver report) => services.AddAkka(EtlHosting.SystemName, (akka, _) =>
    {
        akka.AddHocon(config, HoconAddMode.Replace);
        if (SqliteJournal.SetupFor(config) is { } connections) akka.AddSetup(connections);
        akka.AddStartup((system, _) =>
        {
            LiveBoard.Of(system).TurnOn();
            system.ActorOf(DiagnosticsActor.Props(report), "diagnostics");
            root = system.StartEtl(settings, new(ReadAsync, SchemeOf), FaultPoints.Parse(settings.Fault, settings.FaultLog));
            root.Tell(new StatusProtocol.Subscribe(system.ActorOf(HostLogActor.Props((where, what) => report.Diagnostic("warning", where, what)), "project-logs")));
            // Before anything is stopped: what is under way becomes durable.
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "checkpoint", CheckpointAsync);
            started.TrySetResult(system);
        });
    });

    /// <summary>
    /// Reads an input far enough to know that it can be read, and queues it. The same input and options as a job that waits or runs are that
    /// job; an unfinished job of an earlier process is gone on with.
    /// </summary>
    /// <param name="request">Paths as this process is to see them; the output directory is absolute.</param>
    /// <exception cref="RunException">2: bad usage. 1: the input is refused. 74: the journal or the disk.</exception>
    public async Task<QueueProtocol.Done> SubmitAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        await started.Task.WaitAsync(cancellation).ConfigureAwait(false);
        if (request.Sinks.Contains(SinkCatalog.Postgres) && server is null)
            throw new RunException(Usage, "this host has nothing to do with PostgreSQL: start it with --sink json,sqlite,postgres, or leave that sink out");
        var prepared = await InputPreparation.PrepareAsync(
            request, static () => throw new RunException(Usage, "a host has no standard input: save it to a file below the input root"),
            url => FetchPreparation.FetchAsync(request, url, observer, cancellation), cancellation).ConfigureAwait(false);
        var spec = await Task.Run(() => Admit(request, prepared, cancellation), cancellation).ConfigureAwait(false);
        var known = request.Fresh ? null : JobArchive.OpenJob(Request.Journal, spec.InputKey());
        var wishes = new QueueWishes(
            request.OutDirectory, request.Sinks.IsEmpty ? Sinks : request.Sinks, request.Strict, request.MaxQuarantined,
            request.MaxQuarantinedPercent, request.Fresh);
        return await AskAsync(new QueueProtocol.Submit(known ?? new(Guid.NewGuid()), spec, wishes), cancellation).ConfigureAwait(false);
    }

    /// <summary>Works again on a job that is not done, as it was submitted.</summary>
    /// <exception cref="RunException">2: there is no such job, or nothing to resume. 74: the journal.</exception>
    public Task<QueueProtocol.Done> ResumeAsync(JobId job, CancellationToken cancellation) => AskAsync(new QueueProtocol.Resume(job), cancellation);

    /// <summary>Stops working on a job; what is done of it stays.</summary>
    /// <inheritdoc cref="ResumeAsync" />
    public Task<QueueProtocol.Done> CancelAsync(JobId job, CancellationToken cancellation) => AskAsync(new QueueProtocol.Cancel(job), cancellation);

    /// <summary>Writes to the journal, to see whether it can be written.</summary>
    /// <exception cref="RunException">74: it cannot, and why.</exception>
    public Task ProbeAsync(CancellationToken cancellation) => AskAsync(QueueProtocol.Probe.Instance, cancellation);

    /// <summary>The jobs that the journal knows, newest first; those of runs without the host too.</summary>
    /// <exception cref="RunException">The journal cannot be read.</exception>
    public JobList Jobs() => JobArchive.Jobs(Request.Journal);

    /// <summary>What the journal holds of a job, in words.</summary>
    /// <inheritdoc cref="Jobs" />
    public ImmutableArray<ChronicleLine> Events(JobId job) => JobArchive.Events(Request.Journal, job);

    /// <summary>The region scheme of a job.</summary>
    public RegionScheme SchemeOf(JobSpec spec) => ResumePreparation.ReadRegions(spec, state).Scheme;

    /// <summary>Tells others who find the state directory in use where this host can be reached.</summary>
    public void Announce(Uri address) => state.Announce(address);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync().ConfigureAwait(false);
        if (SqliteJournal.IsUsed(config)) SqliteJournal.Shrink(state.Journal, settings.TrimAbove);
        state.Dispose();
    }

    private JobSpec Admit(RunRequest request, PreparedInput prepared, CancellationToken cancellation)
    {
        var (file, scheme) = JobPreparation.ReadRegions(request.RegionsFile, request.Options.Regions);
        switch (prepared)
        {
            case PreparedInput.Page page:
                if (SourceCatalog.Read(page.Source, page.Content, request.Options, cancellation) is SplitReading.Refused refused)
                    throw new RunException(refused.ExitCode, refused.Reason);
                return JobPreparation.SpecOf(request, page.Source, [state.Store(page.Content.Label, page.Content.Bytes)], Stored(), settings);
            case PreparedInput.Records records:
                if (InputPreparation.Check(JobPreparation.SpecOf(request, records.Source, records.Inputs, null, settings), scheme, buffers) is SplitReading.Refused unreadable)
                    throw new RunException(unreadable.ExitCode, unreadable.Reason);
                return JobPreparation.SpecOf(request, records.Source, records.Inputs, Stored(), settings);
            default:
                throw new global::System.Diagnostics.UnreachableException();
        }

        StoredInput? Stored() => file is null ? null : state.Store(file.Label, file.Bytes);
    }

    private async Task<SplitReading> ReadAsync(JobSpec spec, int split, CancellationToken cancellation)
    {
        if (RecordSource.Reads(spec.Source)) return RecordSource.Read(spec, split, SchemeOf(spec), buffers);
        var input = spec.Inputs[split];
        return SourceCatalog.Read(spec.Source, new(input.Label, await state.LoadAsync(input, cancellation).ConfigureAwait(false)), spec.Options, cancellation);
    }

    private async Task<QueueProtocol.Done> AskAsync(object request, CancellationToken cancellation)
    {
        await started.Task.WaitAsync(cancellation).ConfigureAwait(false);
        object answer;
        try
        {
            answer = await root.Ask<object>(request, AnswerLimit, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            throw new RunException(SinkException.DiskExitCode, "the journal did not answer in time; whether the request was taken, the list of jobs will tell");
        }

        return answer switch
        {
            QueueProtocol.Done done => done,
            QueueProtocol.Refused { IsUnavailable: true } away => throw new RunException(SinkException.DiskExitCode, away.Reason),
            QueueProtocol.Refused refused => throw new RunException(Usage, refused.Reason),
            _ => throw new global::System.Diagnostics.UnreachableException(answer.GetType().Name),
        };
    }

    private async Task<Akka.Done> CheckpointAsync()
    {
        try
        {
            await root.Ask<JobProtocol.AllCheckpointed>(JobProtocol.Checkpoint.Instance, settings.HostStop).ConfigureAwait(false);
        }
        catch (Exception late) when (late is AskTimeoutException or TaskCanceledException)
        {
            // What is not durable by now is done again.
        }

        return Akka.Done.Instance;
    }

    private async Task<(int, string)> LostAsync()
    {
        var system = await started.Task.ConfigureAwait(false);
        if (server is null)
        {
            await system.WhenTerminated.ConfigureAwait(false);
            return (1, "the actor system stopped by itself; the log names the cause; the next start goes on with what is unfinished");
        }

        return await Task.WhenAny(system.WhenTerminated, server.Lost).ConfigureAwait(false) == server.Lost
            ? (InUse, await server.Lost.ConfigureAwait(false))
            : (1, "the actor system stopped by itself; the log names the cause; the next start goes on with what is unfinished");
    }
}
