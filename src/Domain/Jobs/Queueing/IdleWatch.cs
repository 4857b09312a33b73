namespace Etl.Domain.Jobs.Queueing;

/// <summary>Tells when a host has been without work for some looks in a row, once after each time that it had some. Pure.</summary>
/// <param name="Told">The queue as it was when that was told last, or at the start.</param>
/// <param name="Last">The queue at the last look. A queue is another one after each event, so no job is too short to be noticed.</param>
/// <param name="Quiet">Looks in a row at which nothing had changed and nobody waited or ran.</param>
public sealed record IdleWatch(JobQueue Told, JobQueue Last, int Quiet)
{
    /// <summary>So many looks in a row.</summary>
    public const int Enough = 3;

    /// <summary>Before the first look.</summary>
    public static IdleWatch Begin { get; } = new(JobQueue.Empty, JobQueue.Empty, 0);

    /// <summary>One more look; and whether this is the moment.</summary>
    public (IdleWatch Watch, bool IsIdle) Look(JobQueue now) =>
        !ReferenceEquals(now, Last) || now.Entries.Exists(e => e.IsLive) ? (this with { Last = now, Quiet = 0 }, false)
        : ReferenceEquals(now, Told) ? (this, false)
        : Quiet + 1 < Enough ? (this with { Quiet = Quiet + 1 }, false)
        : (new(now, now, 0), true);
}
