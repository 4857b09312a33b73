using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>What a sink is given.</summary>
/// <param name="OutDirectory">Exists and is locked by this process.</param>
public sealed record SinkInput(Report Report, RunFacts Facts, string OutDirectory)
{
    /// <summary>Crashes on purpose, for tests.</summary>
    public FaultPoints Faults { get; init; } = FaultPoints.None;
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

    /// <summary>Writes the result and returns the files it wrote.</summary>
    /// <exception cref="SinkException">Nothing was loaded; <see cref="SinkException.IsTransient"/> tells whether a later attempt may succeed.</exception>
    Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation);
}
