using Etl.Domain;
using Etl.Domain.Jobs;
using static Etl.Actors.Serialization.Scalars;

namespace Etl.Actors.Serialization;

/// <summary>The summary of a job that is over, to and from its stored form.</summary>
internal static class StoryMapping
{
    public static Stored.Summarised ToStored(JobEvent.Summarised e)
    {
        var stored = new Stored.Summarised
        {
            Job = e.Job.ToStored(),
            Spec = e.Spec.ToStored(),
            ExitCode = e.ExitCode,
            StartedAt = e.Story.StartedAt.ToStored(),
            Runs = { e.Story.Runs.Select(JournalMapping.ToStored) },
            Restarts = { e.Story.Restarts.Select(JournalMapping.ToStored) },
            RestartsTotal = e.Story.RestartsTotal,
            Retries = e.Story.Retries,
            Batches = e.Story.Batches,
            Regions = e.Story.Regions,
            Counts = e.Story.Counts.ToStored(),
            Loaded = { e.Story.Loaded },
            At = e.At.ToStored(),
        };
        // The generated setters refuse null, so what is absent is not set.
        if (e.Reason is { } reason) stored.Reason = reason;
        if (e.Story.ActorsTotal > 0) stored.Actors = RestartMapping.ToStored(e.Story.Actors, e.Story.ActorsTotal);
        return stored;
    }

    public static JobEvent.Summarised FromStoredWithActors(Stored.Summarised e)
    {
        var actors = e.Actors.Required("actors");
        var told = FromStored(e);
        return told with
        {
            Story = told.Story with { Actors = RestartMapping.Read(actors), ActorsTotal = Required(actors.HasTotal, actors.Total, "total") },
        };
    }

    public static JobEvent.Summarised FromStored(Stored.Summarised e) => new(
        e.Job.ToJobId(),
        e.Spec.Required("spec").FromStored(),
        e.ExitCode,
        e.HasReason ? e.Reason : null,
        ToTime(e.HasAt, e.At),
        new(
            ToTime(present: true, e.StartedAt),
            e.Runs.Select(JournalMapping.Read).ToEquatableArray(),
            e.Restarts.Select(r => JournalMapping.Read(r).Restart).ToEquatableArray(),
            e.RestartsTotal,
            e.Retries,
            e.Batches,
            e.Regions,
            e.Counts.Required("counts").FromStored(),
            e.Loaded.ToEquatableArray()));
}
