using Etl.Actors.Hosting;

namespace Etl.Host;

/// <summary>The production runner: the actor system of this process.</summary>
internal sealed class Runner : IEtlRunner
{
    /// <inheritdoc />
    public Task<RunOutcome> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation) =>
        EtlRunner.RunAsync(request, observer, cancellation);

    /// <inheritdoc />
    public Task<DryRunOutcome> DryRunAsync(RunRequest request, CancellationToken cancellation) => DryRun.RunAsync(request, cancellation);
}
