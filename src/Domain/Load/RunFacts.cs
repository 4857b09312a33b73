using Etl.Domain.Jobs;

namespace Etl.Domain.Load;

/// <summary>A file that a sink wrote.</summary>
/// <param name="Name">File name in the output directory.</param>
/// <param name="Sha256">Lower-case hexadecimal hash of its bytes.</param>
public sealed record LoadedFile(string Name, long Bytes, string Sha256);

/// <summary>What a sink holds since it was loaded.</summary>
/// <param name="Target">Where: a directory, or a schema of a server.</param>
/// <param name="Answer">Hash of the answer, the same in whatever form it is held.</param>
/// <param name="Files">The files it wrote.</param>
/// <param name="CrossCheck">What the SQL cross-check compared; null for a sink without one.</param>
public sealed record LoadedPlace(string Target, string Answer, EquatableArray<LoadedFile> Files, string? CrossCheck);

/// <summary>What was made to fail on purpose.</summary>
/// <param name="Spec">As it was asked for.</param>
/// <param name="Injected">By the word of its kind.</param>
public sealed record ChaosFacts(string Spec, EquatableArray<KeyValuePair<string, long>> Injected);

/// <summary>
/// What happened on the way to a report: times, counters, restarts. Stands in <c>run.json</c> and the table <c>Runs</c> alone, so that
/// everything else can be the same to the byte.
/// </summary>
/// <param name="BatchesResumed">Batches that were durable before this process began.</param>
/// <param name="Retries">Batches issued again.</param>
/// <param name="Started">When the job began, by the first process that worked on it.</param>
/// <param name="RunStarted">When this process began to work on it.</param>
/// <param name="InputBytes">Size of all inputs.</param>
/// <param name="Settings">Effective settings, by key, secrets masked.</param>
/// <param name="Attempts">How many processes have worked on the job, this one included.</param>
public sealed record RunFacts(
    JobId Job,
    RunId Run,
    string ProductVersion,
    long Batches,
    long BatchesResumed,
    EquatableArray<Restart> Restarts,
    long RestartsTotal,
    long Retries,
    int Attempts,
    DateTimeOffset Started,
    DateTimeOffset RunStarted,
    DateTimeOffset Finished,
    double Seconds,
    long InputBytes,
    EquatableArray<KeyValuePair<string, string>> Settings)
{
    /// <summary>The first rows that were set aside because they crashed mappers, and how many were.</summary>
    public EquatableArray<JobEvent.RowsCondemned> Condemned { get; init; } = [];

    /// <summary>What was made to fail on purpose, and how often in this process; null when nothing was to.</summary>
    public ChaosFacts? Chaos { get; init; }

    /// <inheritdoc cref="Condemned" />
    public long CondemnedTotal { get; init; }

    /// <summary>The first failures of actors that hold no batch; they are in <see cref="RestartsTotal"/> too.</summary>
    public EquatableArray<ActorRestart> ActorRestarts { get; init; } = [];

    /// <summary>What is known of a run when its last batch is durable.</summary>
    public static RunFacts Of(
        JobState.Running state, RunId run, DateTimeOffset now, EquatableArray<KeyValuePair<string, string>> settings)
    {
        var began = state.Runs.First(r => r.Run == run).At;
        return new(
            state.Job, run, state.Spec.ProductVersion, state.Completed.Count, state.ResumedBatches, state.Restarts.ToEquatableArray(),
            state.RestartsTotal + state.ActorRestarts.Total, state.Retries, state.Runs.Count, state.StartedAt, began, now, (now - began).TotalSeconds,
            state.Spec.Inputs.Sum(i => i.Bytes), settings)
        {
            Condemned = state.Troubles.Condemned.ToEquatableArray(),
            CondemnedTotal = state.Troubles.CondemnedTotal,
            ActorRestarts = state.ActorRestarts.First.ToEquatableArray(),
        };
    }
}
