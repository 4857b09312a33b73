using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs.Reading;
using Etl.Actors.Stages;
using Etl.Domain.Jobs;
using Etl.Host.Commands;
using Etl.Host.Service;
using Etl.Host.Telemetry;

namespace Etl.Host;

/// <summary>The production runner: the actor system of this process.</summary>
internal sealed class Runner : IEtlRunner
{
    /// <inheritdoc />
    public async Task<RunOutcome> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        using var telemetry = TelemetrySwitch.Start(observer);
        return await EtlRunner.RunAsync(request, observer, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public Task<DryRunOutcome> DryRunAsync(RunRequest request, CancellationToken cancellation) => DryRun.RunAsync(request, cancellation);

    /// <inheritdoc />
    public Task<ExtractOutcome> ExtractAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation) =>
        Extraction.RunAsync(request, observer, cancellation);

    /// <inheritdoc />
    public Task<RunOutcome> LoadAsync(RunRequest request, string folder, CancellationToken cancellation) => Loading.RunAsync(request, folder, cancellation);

    /// <inheritdoc />
    public Task<int> HostAsync(HostArguments arguments, Terminal terminal, Interruption interruption) =>
        HostService.RunAsync(arguments, terminal, interruption);

    /// <inheritdoc />
    public Task<int> RemoteAsync(RemoteArguments asked, Terminal terminal, Interruption interruption) =>
        RemoteRun.RunAsync(asked, terminal, interruption);

    /// <inheritdoc />
    public JobList Jobs(JournalRequest request) => JobArchive.Jobs(request);

    /// <inheritdoc />
    public ImmutableArray<ChronicleLine> Events(JournalRequest request, JobId job) => JobArchive.Events(request, job);

    /// <inheritdoc />
    public PruneOutcome Prune(JournalRequest request, int keep) => JobPruner.Prune(request, keep);
}
