using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Jobs.Reading;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Protocol;
using Etl.Domain.Countries;
using Etl.Domain.Extract.Fetching;
using Etl.Domain.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Etl.Actors.Hosting;

/// <summary>
/// One run from its request to its outcome: prepares the job while the actor system starts, opens it, waits for its end, shuts down.
/// </summary>
public static class EtlRunner
{
    /// <summary>Runs; every expected failure is an outcome, never an exception.</summary>
    public static async Task<RunOutcome> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        try
        {
            return await RunOrThrowAsync(request, observer, cancellation).ConfigureAwait(false);
        }
        catch (RunException refused)
        {
            return Failed(refused.ExitCode, refused.Message);
        }
        catch (SinkException refused)
        {
            return Failed(refused.ExitCode, refused.Message);
        }
        catch (ConfigurationException wrong)
        {
            return Failed(2, wrong.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Failed(Interrupted, $"interrupted; {Outlook.Of(request.IsResumable)}");
        }
    }

    private const int Interrupted = 130;

    private static readonly TimeSpan TrimmingLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckpointLimit = TimeSpan.FromSeconds(2);

    private static async Task<RunOutcome> RunOrThrowAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        PhaseClock.Mark("run begins");
        var warm = JournalWarmUp.IsOfUse(request) ? JournalWarmUp.Start() : Task.CompletedTask;
        StateDirectory? state = null;
        PreparedInput prepared;
        try
        {
            if (request.Resume is not null) state = StateDirectory.Open(request.StateDirectory);
            prepared = request.Resume is { } known ? ResumePreparation.Prepare(known, state!) : await InputPreparation.PrepareAsync(
                request,
                () =>
                {
                    // What cannot be read twice is kept before anything else is done with it.
                    state ??= StateDirectory.Open(request.StateDirectory);
                    var limit = EtlSettings.From(EtlConfig.Compose(request.ConfigFiles, request.Settings, "")).Records.SpoolLimit;
                    return state.SpoolAsync(Console.OpenStandardInput(), limit, copied => observer.Progress(RunProgress.Copying(copied)), cancellation);
                },
                url =>
                {
                    state ??= StateDirectory.Open(request.StateDirectory);
                    return FetchPreparation.FetchAsync(request, url, observer, cancellation);
                },
                cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (state is not null && cancellation.IsCancellationRequested)
        {
            state.Dispose();
            throw new RunException(Interrupted, request.Inputs.Any(FetchUrl.IsUrl)
                ? "interrupted while the input was fetched; nothing was begun, run it again"
                : "interrupted while standard input was copied; nothing was begun, pipe it again");
        }
        catch
        {
            state?.Dispose();
            throw;
        }

        // Reading and parsing need no journal: they go on while the actor system starts.
        var reading = prepared is PreparedInput.Page page
            ? Task.Run(() => Read(page.Source, page.Content, request.Resume?.Options ?? request.Options, cancellation), cancellation) : null;
        // The directory of names is not needed before the rows are: behind the page, on the same spare core.
        var grouping = (reading ?? Task.CompletedTask).ContinueWith(
            _ => request.Resume is { } known
                ? ResumePreparation.ReadRegions(known, state!) : JobPreparation.ReadRegions(request.RegionsFile, request.Options.Regions), cancellation,
            TaskContinuationOptions.None, TaskScheduler.Default);
        PhaseClock.Mark("input read");

        var config = EtlConfig.Compose(
            request.ConfigFiles, request.Settings, SqliteJournal.ConnectionString(StateDirectory.JournalOf(request.StateDirectory)));
        PhaseClock.Mark("composed");
        var settings = EtlSettings.From(config);
        // Mappers read files, and a thread that waits for a disk is no use to the others: the pool would make new ones only twice a second.
        ThreadPool.GetMinThreads(out var threads, out var completions);
        ThreadPool.SetMinThreads(Math.Max(threads, Environment.ProcessorCount + settings.Mappers), completions);
        if (request.Sinks.IsEmpty) request = request with { Sinks = settings.Sinks };
        var onSqlite = SqliteJournal.IsUsed(config);
        var faults = FaultsOf(settings);
        PhaseClock.Mark("configured");
        var buffers = new BatchBuffers(settings.Records.BufferBytes);
        // Nothing is created, let alone journaled, for an input that cannot be read.
        async Task<(InputContent? RegionsFile, RegionScheme Scheme)> AdmitAsync()
        {
            if (reading is not null && await reading.ConfigureAwait(false) is SplitReading.Refused refused)
                throw new RunException(refused.ExitCode, refused.Reason);
            var (file, grouped) = await grouping.ConfigureAwait(false);
            if (prepared is PreparedInput.Records files
                && InputPreparation.Check(ResumePreparation.SpecOf(request, files.Source, files.Inputs, null, settings), grouped, buffers)
                    is SplitReading.Refused unreadable)
                throw new RunException(unreadable.ExitCode, unreadable.Reason);
            return (file, grouped);
        }

        var admitted = AdmitAsync();
        await using var server = await PostgresRun.OpenAsync(request.Sinks, request.Postgres, config, admitted).ConfigureAwait(false);
        if (server is not null) (config, settings) = (server.Over(config), server.Over(settings));
        using var host = HostOf(config);
        PhaseClock.Mark("host built");
        var starting = Task.Run(() => host.StartAsync(cancellation), cancellation);
        ProjectLog? log = null;
        try
        {
            var (regionsFile, scheme) = await admitted.ConfigureAwait(false);
            state ??= StateDirectory.Open(request.StateDirectory);
            // Only what was there before can be of an input as it was before.
            var isFirst = SqliteJournal.Size(state.Journal) == 0;
            if (onSqlite) SqliteJournal.Prepare(state.Journal);
            log = ProjectLog.Open(request.OutDirectory, TimeProvider.System);
            PhaseClock.Mark("journal prepared");
            var (source, inputs) = prepared switch
            {
                PreparedInput.Page p => (p.Source, [state.Store(p.Content.Label, p.Content.Bytes) with { Origin = p.Origin }]),
                PreparedInput.Records r => (r.Source, r.Inputs),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            var regions = regionsFile is null ? null : state.Store(regionsFile.Label, regionsFile.Bytes);
            var spec = ResumePreparation.SpecOf(request, source, inputs, regions, settings);
            var changed = isFirst && onSqlite ? null : Task.Run(() => JobArchive.Changed(config, request.Postgres, spec), CancellationToken.None);
            var reader = JobPreparation.ReaderOf(state, reading, inputs[0].Sha256, scheme, buffers);
            PhaseClock.Mark("input stored");
            await starting.ConfigureAwait(false);
            PhaseClock.Mark("actor system up");
            if (changed is not null && await changed.ConfigureAwait(false) is { } earlier)
            {
                var text = InputChange.Text(earlier.Job, earlier.ShortId);
                log.Write(text);
                observer.Diagnostic("warning", "input", text);
            }

            var root = host.Services.GetRequiredService<ActorSystem>().StartEtl(settings, reader, faults);
            return await WorkAsync(host, root, request, spec, settings, EtlConfig.Effective(config), server, observer, log, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            log?.Write($"Run interrupted; {Outlook.Of(request.IsResumable)}");
            throw;
        }
        finally
        {
            await warm.ConfigureAwait(false);
            await Task.WhenAny(starting).ConfigureAwait(false);
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            // Only now is nobody left who writes.
            if (onSqlite && state is not null) SqliteJournal.Shrink(state.Journal, settings.TrimAbove);
            log?.Dispose();
            state?.Dispose();
            PhaseClock.Mark("stopped");
            if (settings.Phases) observer.Diagnostic("phases", "run", PhaseClock.Describe());
        }
    }

    private static async Task<RunOutcome> WorkAsync(
        IHost host, IActorRef root, RunRequest request, JobSpec spec, EtlSettings settings, ImmutableArray<KeyValuePair<string, string>> effective,
        PostgresRun? server, IRunObserver observer, ProjectLog log, CancellationToken cancellation)
    {
        var system = host.Services.GetRequiredService<ActorSystem>();
        var ended = new TaskCompletionSource<JobProtocol.JobEnded>(TaskCreationOptions.RunContinuationsAsynchronously);
        var trimmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(DiagnosticsActor.Props(observer), "diagnostics");
        var watcher = system.ActorOf(RunWatcherActor.Props(observer, log, ended, trimmed), "run-watcher");
        root.Tell(new StatusProtocol.Subscribe(watcher));
        var run = new JobProtocol.RunSettings(
            request.OutDirectory, request.Sinks, request.Strict, request.MaxQuarantined, request.MaxQuarantinedPercent, effective);
        root.Tell(new JobProtocol.OpenJob(spec, new(Guid.NewGuid()), new(Guid.NewGuid()), run, request.Fresh), watcher);

        // A system that ends by itself, because something escalated to its root, ends the run too: nothing waits for ever.
        var lost = server?.Lost ?? new TaskCompletionSource<string>().Task;
        var first = await Task.WhenAny(ended.Task, system.WhenTerminated, lost, Task.Delay(Timeout.Infinite, cancellation)).ConfigureAwait(false);
        if (cancellation.IsCancellationRequested) await CheckpointAsync(root).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (first == lost) return Failed(SinkException.InUseExitCode, await lost.ConfigureAwait(false));
        if (first != ended.Task)
            return Failed(1, $"the actor system stopped by itself; the log names the cause; {Outlook.Of(spec)}");

        var over = await ended.Task.ConfigureAwait(false);
        // Without the lease the journal refuses every write: that is the cause, and not its disk.
        if (!over.Durable && server is not null) server.Check(over.Result.ExitCode);
        // Deletion is owed, so it is worth waiting for only when there is much to delete, and what is left then is left for the next start.
        if (over.Durable && (server?.JournalSize ?? SqliteJournal.Size(StateDirectory.JournalOf(request.StateDirectory))) > settings.TrimAbove)
        {
            root.Tell(JobProtocol.TrimJournal.Instance);
            await Task.WhenAny(trimmed.Task, Task.Delay(TrimmingLimit, CancellationToken.None)).ConfigureAwait(false);
        }

        var result = over.Result;
        var error = result.IsJournalLost ? WithRemedy(result.Error, system, request) : result.Error;
        return new(
            result.ExitCode, error, result.Report, result.Facts, result.Files, result.CrossCheck,
            result.Report?.Regions.Select(r => r.Region).Distinct(StringComparer.Ordinal).Count() ?? 0, settings.Mappers, PhaseClock.Elapsed);
    }

    // Only here is known where the journal is, and what its actors ran into last.
    private static string WithRemedy(string? error, ActorSystem system, RunRequest request) =>
        $"{error}{(JournalFaults.Of(system).Last is { } cause ? $" ({cause})" : "")}. The journal is {StateDirectory.JournalOf(request.StateDirectory)}: "
        + "free its disk, or close what has it locked, and the same command resumes; if it is damaged, restore it, or move it away and start over";

    // A journal that does not answer must not keep a process that was asked to stop: what is not written then is done again.
    private static async Task CheckpointAsync(IActorRef root)
    {
        try
        {
            await root.Ask<JobProtocol.AllCheckpointed>(JobProtocol.Checkpoint.Instance, CheckpointLimit).ConfigureAwait(false);
        }
        catch (Exception late) when (late is AskTimeoutException or TaskCanceledException)
        {
            PhaseClock.Mark("no checkpoint in time");
        }
    }

    private static SplitReading Read(string source, InputContent content, AnswerOptions options, CancellationToken cancellation)
    {
        var read = SourceCatalog.Read(source, content, options, cancellation);
        PhaseClock.Mark("page parsed");
        return read;
    }

    private static IHost HostOf(Config config)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "etl" });
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Services.AddAkka(EtlHosting.SystemName, (akka, _) =>
        {
            akka.AddHocon(config, HoconAddMode.Replace);
            if (SqliteJournal.SetupFor(config) is { } connections) akka.AddSetup(connections);
        });
        return builder.Build();
    }

    private static FaultPoints FaultsOf(EtlSettings settings)
    {
        try
        {
            return FaultPoints.Parse(settings.Fault, settings.FaultLog);
        }
        catch (FormatException malformed)
        {
            throw new RunException(2, malformed.Message, malformed);
        }
    }

    private static RunOutcome Failed(int exitCode, string error) => new(exitCode, error, null, null, [], null, 0, 0, PhaseClock.Elapsed);
}
