using System.Collections.Immutable;

namespace Etl.Domain.Jobs;

/// <summary>What a coordinator does next.</summary>
/// <param name="Issue">Batches to hand to extractors.</param>
/// <param name="Complete">Whether settled batches are written now, soon (to share a write), or there are none.</param>
/// <param name="Flush">Regions that are asked to write now.</param>
/// <param name="Load">Every batch is durable: the result can be loaded.</param>
public sealed record DispatchStep(ImmutableArray<BatchId> Issue, CompleteWhen Complete, ImmutableSortedSet<int> Flush, bool Load)
{
    /// <summary>The one batch to issue, when it is to be journaled before that it is tried; else null.</summary>
    public BatchId? Alone { get; init; }
}

/// <summary>When settled batches are written.</summary>
public enum CompleteWhen
{
    /// <summary>Nothing is settled.</summary>
    Never = 0,

    /// <summary>Within the checkpoint interval, together with what settles until then.</summary>
    Soon = 1,

    /// <summary>At once: nothing else is under way, or half the window is settled.</summary>
    Now = 2,
}

/// <summary>A coordinator's next step, from what is durable and what is under way. Pure; asked after each event.</summary>
public static class Dispatch
{
    /// <summary>
    /// The next step with a window of <paramref name="window"/> batches from issue to durable; of one, while it is looked for what ends
    /// processes.
    /// </summary>
    public static DispatchStep Next(JobState state, Flight flight, int window)
    {
        if (state is not JobState.Running running) return new([], CompleteWhen.Never, [], false);
        var oneAtATime = running.Troubles.OneAtATime;
        if (oneAtATime) window = 1;
        var settled = flight.Settled.Count;
        var complete = settled == 0 ? CompleteWhen.Never
            : settled == flight.Count || settled >= Math.Max(1, window / 2) ? CompleteWhen.Now
            : CompleteWhen.Soon;
        var issue = Job.Owed(running, flight.Ids, window - flight.Count);
        // When nothing is with a mapper and nothing more can be issued, no further partial comes to fill the reducers' groups.
        var stalled = issue.IsEmpty && flight.Count > 0 && flight.AllMapped;
        return new(issue, complete, stalled ? flight.WaitingFor : [], flight.Count == 0 && running.AllBatchesCompleted)
        {
            Alone = oneAtATime && !issue.IsEmpty ? issue[0] : null,
        };
    }

    /// <summary>
    /// The next step of a run that is to stop: what is mapped is written, nothing is issued. Nothing to complete and nothing to flush: it
    /// has stopped.
    /// </summary>
    public static DispatchStep Closing(Flight flight) =>
        new([], flight.Settled.IsEmpty ? CompleteWhen.Never : CompleteWhen.Now, flight.WaitingFor, false);
}
