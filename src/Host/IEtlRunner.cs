using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs.Reading;
using Etl.Actors.Stages;
using Etl.Domain.Jobs;
using Etl.Host.Commands;

namespace Etl.Host;

/// <summary>What the command line starts: the actor system in production, a fake in the tests of this assembly.</summary>
public interface IEtlRunner
{
    /// <summary>Extracts, maps, reduces and loads.</summary>
    Task<RunOutcome> RunAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation);

    /// <summary>Reads the input and tells what a run would do. Writes nothing.</summary>
    Task<DryRunOutcome> DryRunAsync(RunRequest request, CancellationToken cancellation);

    /// <summary>Reads the inputs into a folder for the next stage.</summary>
    /// <exception cref="RunException">The input is refused, or the folder cannot be written.</exception>
    Task<ExtractOutcome> ExtractAsync(RunRequest request, IRunObserver observer, CancellationToken cancellation);

    /// <summary>Loads what a folder of the stage before holds.</summary>
    Task<RunOutcome> LoadAsync(RunRequest request, string folder, CancellationToken cancellation);

    /// <summary>Runs an actor system that lives on, until a signal; the exit code.</summary>
    /// <exception cref="RunException">It cannot start.</exception>
    Task<int> HostAsync(HostArguments arguments, Terminal terminal, Interruption interruption);

    /// <summary>Has a host do the work, and shows it; the exit code.</summary>
    Task<int> RemoteAsync(RemoteArguments asked, Terminal terminal, Interruption interruption);

    /// <summary>The jobs that a journal knows, newest first. Writes nothing.</summary>
    /// <exception cref="RunException">The journal or the configuration cannot be read.</exception>
    JobList Jobs(JournalRequest request);

    /// <summary>What the journal holds of a job, oldest first. Writes nothing.</summary>
    /// <inheritdoc cref="Jobs" />
    ImmutableArray<ChronicleLine> Events(JournalRequest request, JobId job);

    /// <summary>Removes all but the newest jobs that are over, and stored inputs that nobody needs.</summary>
    /// <exception cref="RunException">The state directory is in use, or cannot be written.</exception>
    PruneOutcome Prune(JournalRequest request, int keep);
}
