using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>What a sink is given.</summary>
/// <param name="OutDirectory">Exists and is locked by this process.</param>
/// <param name="Lease">To be checked at the last moment before results are replaced; null when nobody can take over.</param>
public sealed record SinkInput(Report Report, RunFacts Facts, string OutDirectory, IRunLease? Lease = null)
{
    private readonly Lazy<string> answer = new(() => AnswerHash.Of(Report));

    /// <summary>Crashes on purpose, for tests.</summary>
    public FaultPoints Faults { get; init; } = FaultPoints.None;

    /// <summary>The report as people are told it, with what is to be said of the place too: in <c>run.json</c> and on the screen alone.</summary>
    public Report Told { get; init; } = Report;

    /// <summary>Hash of what is to be loaded; made when it is first asked for.</summary>
    public string Answer => answer.Value;

    /// <summary>Returns when this process may replace results.</summary>
    /// <exception cref="SinkException">Another process has taken over.</exception>
    public void CheckLease() => Lease?.Check();
}

/// <summary>What a sink did.</summary>
/// <param name="Files">The files it wrote, with the hashes of their final bytes.</param>
/// <param name="CrossCheck">What the SQL cross-check compared, for the screen; null for a sink without one.</param>
public sealed record SinkResult(ImmutableArray<LoadedFile> Files, string? CrossCheck = null);

/// <summary>A place results go to. Atomic (a rename or one transaction), idempotent: loading twice is loading once.</summary>
public interface ISink
{
    /// <summary>The word of <c>--sink</c>.</summary>
    string Name { get; }

    /// <summary>Where the result goes, so that a later run knows whether it goes to the same place.</summary>
    string Target(SinkInput input) => Path.GetFullPath(input.OutDirectory);

    /// <summary>True when what an earlier run loaded is still there, unchanged, so that it need not be loaded again.</summary>
    /// <exception cref="SinkException">That cannot be told now.</exception>
    bool Holds(SinkInput input, LoadedPlace loaded) => AtomicFile.Hold(input.OutDirectory, loaded.Files);

    /// <summary>Writes the result and returns the files it wrote.</summary>
    /// <exception cref="SinkException">Nothing was loaded; <see cref="SinkException.IsTransient"/> tells whether a later attempt may succeed.</exception>
    Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation);
}
