using System.Collections.Immutable;

namespace Etl.Domain.Jobs;

/// <summary>A supervised failure of an actor that holds no batch: a reducer, the coordinator, the catalog, a loader.</summary>
/// <param name="Actor">Path of the actor that failed.</param>
/// <param name="Cause">The exception's type and message.</param>
/// <param name="Directive">What the supervisor decided.</param>
/// <param name="Attempt">How often this actor has failed in the job, this time included; 0 as long as the job has not counted it.</param>
public sealed record ActorRestart(string Actor, string Cause, string Directive, int Attempt, DateTimeOffset At)
{
    /// <summary>Decided by a supervisor that waits before it creates the actor again.</summary>
    public const string AfterBackoff = "Stop, and create again after a wait";

    /// <summary>Decided by a supervisor that creates the actor again at once.</summary>
    public const string AtOnce = "Stop, and create again";
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

    /// <summary>Those of <paramref name="reported"/> that are not known yet, each with its attempt. A failure is known by who and when.</summary>
    public EquatableArray<ActorRestart> Fresh(EquatableArray<ActorRestart> reported)
    {
        var fresh = new List<ActorRestart>();
        foreach (var one in reported)
            if (!First.Concat(fresh).Any(known => known.Actor == one.Actor && known.At == one.At))
                fresh.Add(one with { Attempt = 1 + First.Concat(fresh).Count(known => known.Actor == one.Actor) });
        return fresh.ToEquatableArray();
    }
}
