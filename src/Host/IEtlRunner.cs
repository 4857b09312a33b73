using Etl.Actors.Hosting;

namespace Etl.Host;

/// <summary>What the command line starts: the actor system in production, a fake in the tests of this assembly.</summary>
public interface IEtlRunner
{
    /// <summary>Extracts, maps, reduces and loads.</summary>
    Task<RunOutcome> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation);

    /// <summary>Reads the input and tells what a run would do. Writes nothing.</summary>
    Task<DryRunOutcome> DryRunAsync(RunRequest request, CancellationToken cancellation);
}
