using Etl.Actors.Protocol;
using Etl.Domain;
using Etl.Domain.Jobs;
using static Etl.Actors.Serialization.Scalars;

namespace Etl.Actors.Serialization;

/// <summary>Restarts of actors that are no mappers, and a run's stop in order, to and from their stored and sent form.</summary>
internal static class RestartMapping
{
    public static Stored.ActorsRestarted ToStored(JobEvent.ActorsRestarted e) => new() { Restarts = ToStored(e.Restarts, e.Restarts.Count) };

    public static Stored.RunStopped ToStored(JobEvent.RunStopped e) => new() { Run = e.Run.ToStored(), Reason = e.Reason, At = e.At.ToStored() };

    public static Stored.ActorRestarts ToStored(EquatableArray<ActorRestart> restarts, long total) =>
        new() { Items = { restarts.Select(ToStored) }, Total = total };

    public static JobEvent.ActorsRestarted Read(Stored.ActorsRestarted e)
    {
        var restarts = e.Restarts.Required("restarts");
        Required(restarts.HasTotal, restarts.Total, "total");
        return new(Read(restarts));
    }

    public static Stored.Recovered ToStored(JobEvent.Recovered e) => new() { Items = { e.Recoveries.Select(ToStored) }, Total = e.Recoveries.Count };

    public static JobEvent.Recovered Read(Stored.Recovered e)
    {
        Required(e.HasTotal, e.Total, "total");
        return new(e.Items.Select(Read).ToEquatableArray());
    }

    public static JobEvent.RunStopped Read(Stored.RunStopped e) => new(e.Run.ToRunId(), e.Reason, ToTime(e.HasAt, e.At));

    public static EquatableArray<ActorRestart> Read(Stored.ActorRestarts restarts) => restarts.Items.Select(Read).ToEquatableArray();

    public static Sent.ActorFailed ToSent(SupervisionProtocol.ActorFailed m)
    {
        var sent = new Sent.ActorFailed { Restart = ToStored(m.Restart) };
        if (m.Job is { } job) sent.Job = job.ToStored();
        return sent;
    }

    public static SupervisionProtocol.ActorFailed Read(Sent.ActorFailed m) =>
        new(m.HasJob ? m.Job.ToJobId() : null, Read(m.Restart.Required("restart")));

    private static ActorRestart Read(Stored.ActorRestart r) => new(r.Actor, r.Cause, r.Directive, r.Attempt, ToTime(r.HasAt, r.At))
    {
        RecoveredAfter = r.HasRecoveredAfter ? new(r.RecoveredAfter) : null,
        Batch = r.HasOrdinal ? new(r.Split, r.Ordinal) : null,
        Row = r.HasRow ? r.Row : null,
    };

    private static Recovery Read(Stored.Recovery r) => new(
        r.Actor, r.HasOrdinal ? new(r.Split, r.Ordinal) : null, ToTime(r.HasFailedAt, r.FailedAt), new(Required(r.HasAfter, r.After, "after")));

    private static Stored.Recovery ToStored(Recovery recovery)
    {
        var stored = new Stored.Recovery { Actor = recovery.Actor, FailedAt = recovery.FailedAt.ToStored(), After = recovery.After.Ticks };
        if (recovery.Batch is { } batch) (stored.Split, stored.Ordinal) = (batch.Split, batch.Ordinal);
        return stored;
    }

    private static Stored.ActorRestart ToStored(ActorRestart restart)
    {
        var stored = new Stored.ActorRestart
        {
            Actor = restart.Actor,
            Cause = restart.Cause,
            Directive = restart.Directive,
            Attempt = restart.Attempt,
            At = restart.At.ToStored(),
        };
        if (restart.RecoveredAfter is { } after) stored.RecoveredAfter = after.Ticks;
        if (restart.Batch is { } batch) (stored.Split, stored.Ordinal) = (batch.Split, batch.Ordinal);
        if (restart.Row is { } row) stored.Row = row;
        return stored;
    }
}
