using System.Collections.Immutable;

namespace Etl.Domain.Jobs;

/// <summary>
/// A supervised failure that is no restart of a mapper: of a reducer, the coordinator, the catalog, a loader, of an extractor that reads again,
/// and of any actor whose failure ends the system.
/// </summary>
/// <param name="Actor">Path of the actor that failed.</param>
/// <param name="Cause">The exception's type and message.</param>
/// <param name="Directive">What the supervisor decided.</param>
/// <param name="Attempt">How often this actor has failed in the job, this time included; 0 as long as the job has not counted it.</param>
public sealed record ActorRestart(string Actor, string Cause, string Directive, int Attempt, DateTimeOffset At)
{
    /// <summary>From the failure to the next incarnation at work; null as long as none is, or when that was not told.</summary>
    public TimeSpan? RecoveredAfter { get; init; }

    /// <summary>The batch that an extractor was reading or a mapper was at; null when it was reading its split, and for every other actor.</summary>
    public BatchId? Batch { get; init; }

    /// <summary>The row that a mapper was at: its number, or the byte where its record begins.</summary>
    public long? Row { get; init; }

    /// <summary>The same failure: known by who, when and at what.</summary>
    public bool IsSame(ActorRestart other) => Actor == other.Actor && At == other.At && Batch == other.Batch;

    /// <summary>Decided by a supervisor that waits before it creates the actor again.</summary>
    public const string AfterBackoff = "Stop, and create again after a wait";

    /// <summary>Decided by a supervisor that creates the actor again at once.</summary>
    public const string AtOnce = "Stop, and create again";

    /// <summary>Decided about a read that failed: the extractor stays, and reads again.</summary>
    public const string ReadAgain = "Read again after a wait";

    /// <summary>Decided where the actor is not to come back.</summary>
    public const string ForGood = "Stop";

    /// <summary>Decided where the actor system is to end.</summary>
    public const string Escalated = "Escalate";
}

/// <summary>The restarts of a job's actors: the first one by one, all of them counted.</summary>
/// <param name="First">Oldest first, at most <see cref="JobState.MaxRestarts"/>.</param>
public sealed record ActorRestarts(ImmutableList<ActorRestart> First, long Total)
{
    /// <summary>None.</summary>
    public static ActorRestarts None { get; } = new([], 0);

    /// <summary>With these after them.</summary>
    public ActorRestarts Add(EquatableArray<ActorRestart> more) =>
        new(First.AddRange(more.Take(Math.Max(0, JobState.MaxRestarts - First.Count))), Total + more.Count);

    /// <summary>
    /// Those of <paramref name="reported"/> that are not known yet, each with its attempt. A failure is known by who and when. A report with a
    /// recovery is never the first one of its failure: beyond those that are kept one by one, nobody could tell that it was counted before.
    /// </summary>
    public EquatableArray<ActorRestart> Fresh(EquatableArray<ActorRestart> reported)
    {
        var fresh = new List<ActorRestart>();
        foreach (var one in reported.Where(one => one.RecoveredAfter is null))
            if (!First.Any(one.IsSame) && !fresh.Exists(one.IsSame))
            {
                var recovered = reported.FirstOrDefault(other => other.RecoveredAfter is not null && other.IsSame(one));
                fresh.Add((recovered ?? one) with { Attempt = 1 + First.Concat(fresh).Count(known => known.Actor == one.Actor) });
            }

        return fresh.ToEquatableArray();
    }

    /// <summary>What <paramref name="reported"/> tells of the recovery of failures that are known, and was not known.</summary>
    public EquatableArray<Recovery> Recovered(EquatableArray<ActorRestart> reported) => reported
        .Where(one => one.RecoveredAfter is not null && First.Exists(known => known.RecoveredAfter is null && known.IsSame(one)))
        .DistinctBy(one => (one.Actor, one.At, one.Batch))
        .Select(one => new Recovery(one.Actor, one.Batch, one.At, one.RecoveredAfter!.Value)).ToEquatableArray();

    /// <summary>With these recoveries known.</summary>
    public ActorRestarts With(EquatableArray<Recovery> recoveries) => this with
    {
        First = First.ConvertAll(known => recoveries.FirstOrDefault(r => r.IsOf(known)) is { } found ? known with { RecoveredAfter = found.After } : known),
    };

    /// <summary>Another process goes on: what none of the last one's actors has told of is at work again now.</summary>
    public ActorRestarts Resumed(DateTimeOffset at) => First.TrueForAll(known => known.RecoveredAfter is not null) ? this : this with
    {
        First = First.ConvertAll(known => known.RecoveredAfter is null ? known with { RecoveredAfter = Recovery.Between(known.At, at) } : known),
    };
}
