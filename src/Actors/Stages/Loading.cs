using System.Diagnostics;
using Akka.Configuration;
using Etl.Actors.Hosting;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Stages;

/// <summary>
/// <c>etl load</c>: the sinks alone, side by side, each tried again while it is busy; <c>run.json</c> last, as a run writes it. Each sink is atomic and idempotent, so a
/// process that was killed is repeated.
/// </summary>
public static class Loading
{
    /// <summary>Loads; every expected failure is an outcome.</summary>
    public static async Task<RunOutcome> RunAsync(RunRequest request, string folder, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            return await LoadAsync(request, folder, clock, cancellation).ConfigureAwait(false);
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
            return Failed(130, "interrupted; run etl load again: what is loaded is not loaded twice");
        }

        RunOutcome Failed(int exitCode, string error) => new(exitCode, error, null, null, [], null, 0, 0, clock.Elapsed);
    }

    private static async Task<RunOutcome> LoadAsync(RunRequest request, string folder, Stopwatch clock, CancellationToken cancellation)
    {
        var began = DateTimeOffset.UtcNow;
        var (report, job) = TransformedAnswer.Read(folder, StageManifest.Read(folder, StageManifest.Transformed, "transform"));
        var config = EtlConfig.Compose(request.ConfigFiles, request.Settings, "");
        var settings = EtlSettings.From(config);
        if (request.Sinks.IsEmpty) request = request with { Sinks = settings.Sinks };
        await using var server = request.Sinks.Contains(SinkCatalog.Postgres)
            ? await PostgresRun.OpenAsync(request.Sinks, request.Postgres, config, Task.CompletedTask).ConfigureAwait(false) : null;
        if (server is not null) settings = server.Over(settings);
        using var held = await HeldAsync(request.OutDirectory, settings.Load, cancellation).ConfigureAwait(false);
        using var log = ProjectLog.Open(request.OutDirectory, TimeProvider.System);
        log.Write("Load started");
        var told = OlderEdition.Told(request.OutDirectory, report);
        var facts = new RunFacts(
            job, new RunId(Guid.NewGuid()), JobPreparation.ProductVersion, 0, 0, [], 0, 0, 1, began, began, began, 0, report.Spec.Inputs.Sum(i => i.Bytes),
            EtlConfig.Effective(config).ToEquatableArray());
        var refusal = QualityGate.Check(told, request.Strict, request.MaxQuarantined, request.MaxQuarantinedPercent);
        var input = new SinkInput(report, facts, request.OutDirectory, settings.Load.Lease) { Told = told, Faults = FaultsOf(settings) };
        var sinks = SinkCatalog.Of(refusal is null ? request.Sinks : [], settings.Load.Place);
        var ended = await Task.WhenAll(sinks.Select(sink => Task.Run(() => OnceAsync(sink, input, settings.Load, cancellation), cancellation))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        var results = sinks.Zip(ended, static (sink, end) => (sink.Name, end.Result, end.Refusal)).ToArray();
        var ending = LoadEnding.Conclude(
            input, facts.ProductVersion, refusal is null ? null : new(3, refusal),
            results.Where(r => r.Result is not null).ToDictionary(r => r.Name, r => r.Result!),
            results.Where(r => r.Refusal is not null).ToDictionary(r => r.Name, r => r.Refusal!));
        log.Write(ending.ExitCode == 0 ? "Load ended" : $"Load failed with exit code {ending.ExitCode}: {ending.Error}");
        return new(
            ending.ExitCode, ending.Error, told, ending.Facts, ending.Files, ending.CrossCheck,
            report.Regions.Select(r => r.Region).Distinct(StringComparer.Ordinal).Count(), 0, clock.Elapsed);
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

    private static async Task<OutLock> HeldAsync(string directory, LoadSettings settings, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return OutLock.Take(directory, TimeProvider.System);
            }
            catch (SinkException busy) when (busy.IsTransient && attempt < settings.MaxAttempts)
            {
                await Task.Delay(LoadEnding.WaitAfter(settings, attempt), cancellation).ConfigureAwait(false);
            }
        }
    }

    // One sink's failure does not undo the others, nor stop them half-way.
    private static async Task<(SinkResult? Result, LoadRefusal? Refusal)> OnceAsync(ISink sink, SinkInput input, LoadSettings settings, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                input.Faults.Pass("before-sink");
                var result = await sink.LoadAsync(input, cancellation).ConfigureAwait(false);
                input.Faults.Pass("after-sink");
                return (result, null);
            }
            catch (SinkException busy) when (busy.IsTransient && attempt < settings.MaxAttempts)
            {
                await Task.Delay(LoadEnding.WaitAfter(settings, attempt), cancellation).ConfigureAwait(false);
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                return (null, LoadRefusal.Of(sink.Name, failed));
            }
        }
    }
}
