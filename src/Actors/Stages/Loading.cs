using System.Collections.Immutable;
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
/// <c>etl load</c>: the sinks alone, one after another, each tried again while it is busy; <c>run.json</c> last. Each sink is atomic and idempotent, so a
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
        using var held = OutLock.Take(request.OutDirectory, TimeProvider.System);
        var told = OlderEdition.Told(request.OutDirectory, report);
        var facts = new RunFacts(
            job, new RunId(Guid.NewGuid()), JobPreparation.ProductVersion, 0, 0, [], 0, 0, 1, began, began, began, 0, report.Spec.Inputs.Sum(i => i.Bytes),
            EtlConfig.Effective(config).ToEquatableArray());
        var refusal = QualityGate.Check(told, request.Strict, request.MaxQuarantined, request.MaxQuarantinedPercent);
        var input = new SinkInput(report, facts, request.OutDirectory, settings.Load.Lease) { Told = told };
        var (files, check) = (ImmutableArray.CreateBuilder<LoadedFile>(), (string?)null);
        foreach (var sink in SinkCatalog.Of(refusal is null ? request.Sinks : [], settings.Load.Place))
        {
            var result = await OnceAsync(sink, input, settings.Load, cancellation).ConfigureAwait(false);
            files.AddRange(result.Files);
            check ??= result.CrossCheck;
        }

        var now = DateTimeOffset.UtcNow;
        facts = facts with { Finished = now, Seconds = (now - began).TotalSeconds };
        ImmutableArray<LoadedFile> loaded = [.. files.OrderBy(f => f.Name, StringComparer.Ordinal)];
        if (refusal is not null)
        {
            RunJsonWriter.WriteFailed(request.OutDirectory, new(3, refusal, facts.ProductVersion, facts, told, null, loaded), input.CheckLease);
            return new(3, refusal, told, facts, loaded, null, 0, 0, clock.Elapsed);
        }

        var story = RunJsonWriter.Write(request.OutDirectory, told, facts, loaded, input.CheckLease);
        return new(0, null, told, facts, [.. loaded, story], check, report.Regions.Count, 0, clock.Elapsed);
    }

    private static async Task<SinkResult> OnceAsync(ISink sink, SinkInput input, LoadSettings settings, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await sink.LoadAsync(input, cancellation).ConfigureAwait(false);
            }
            catch (SinkException busy) when (busy.IsTransient && attempt < settings.MaxAttempts)
            {
                await Task.Delay(settings.Backoff * Math.Pow(2, attempt - 1), cancellation).ConfigureAwait(false);
            }
        }
    }
}
