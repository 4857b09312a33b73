namespace Etl.Domain.Jobs;

/// <summary>What a failure had undone is done again: a batch that crashed a mapper is durable, an extractor has read it, or another actor has recovered.</summary>
/// <param name="Actor">Path of the actor that failed.</param>
/// <param name="Batch">That of a mapper or an extractor; null for an actor that holds none.</param>
/// <param name="FailedAt">When it failed: with the actor, what the failure is known by.</param>
/// <param name="After">How long it took; not below zero, whatever clocks say.</param>
public sealed record Recovery(string Actor, BatchId? Batch, DateTimeOffset FailedAt, TimeSpan After)
{
    /// <summary>Time from a failure to its recovery, which another process, or a clock that was set, may have told.</summary>
    public static TimeSpan Between(DateTimeOffset failed, DateTimeOffset recovered) => recovered > failed ? recovered - failed : TimeSpan.Zero;

    /// <summary>The recoveries that the completion of these batches is, of those crashes whose recovery is not known.</summary>
    public static EquatableArray<Recovery> Of(JobState.Running running, IReadOnlyCollection<BatchId> completed, DateTimeOffset at)
    {
        // Crashes are rare, and batches many: whoever did not crash costs a look.
        if (running.Attempts.IsEmpty || !completed.Any(running.Attempts.ContainsKey)) return [];
        var done = completed.ToHashSet();
        return running.Restarts.Where(crash => crash.RecoveredAfter is null && done.Contains(crash.Batch))
            .Select(crash => new Recovery(crash.Actor, crash.Batch, crash.At, Between(crash.At, at))).ToEquatableArray();
    }

    /// <summary>It is this failure's.</summary>
    public bool IsOf(Restart crash) => Batch == crash.Batch && FailedAt == crash.At && Actor == crash.Actor;

    /// <inheritdoc cref="IsOf(Restart)" />
    public bool IsOf(ActorRestart failure) => Batch == failure.Batch && FailedAt == failure.At && Actor == failure.Actor;
}
