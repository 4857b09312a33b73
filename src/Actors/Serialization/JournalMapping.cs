using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;
using Google.Protobuf;
using static Etl.Actors.Serialization.Scalars;

namespace Etl.Actors.Serialization;

/// <summary>Journaled events to and from their stored form. A null says that it is none of these.</summary>
internal static class JournalMapping
{
    public static string? ManifestOf(object value) => value switch
    {
        JobEvent.Started => Manifests.JobStarted,
        JobEvent.RunBegan => Manifests.JobRunBegan,
        JobEvent.SplitPlanned => Manifests.JobSplitPlanned,
        JobEvent.SplitEnded => Manifests.JobSplitEnded,
        JobEvent.BatchesCompleted e => e.Lines.IsEmpty ? Manifests.JobBatchesCompleted : Manifests.JobFileBatchesCompleted,
        JobEvent.BatchCrashed => Manifests.JobBatchCrashed,
        JobEvent.BatchSuspected => Manifests.JobBatchSuspected,
        JobEvent.RowsCleared => Manifests.JobRowsCleared,
        JobEvent.RowsCondemned => Manifests.JobRowsCondemned,
        JobEvent.AttemptBegan => Manifests.JobAttemptBegan,
        JobEvent.BatchesRetried => Manifests.JobBatchesRetried,
        JobEvent.SinkLoaded e => e.Place is null ? Manifests.JobSinkLoaded : Manifests.JobSinkLoadedPlace,
        JobEvent.Finished => Manifests.JobFinished,
        JobEvent.Failed => Manifests.JobFailed,
        CatalogEvent.JobOpened => Manifests.CatalogJobOpened,
        CatalogEvent.JobClosed => Manifests.CatalogJobClosed,
        CatalogEvent.RegionsCounted => Manifests.CatalogRegionsCounted,
        CatalogEvent.JobForgotten => Manifests.CatalogJobForgotten,
        JobEvent.Summarised e => e.Story.ActorsTotal == 0 ? Manifests.JobSummarised : Manifests.JobSummarisedWithActors,
        JobEvent.ActorsRestarted => Manifests.JobActorsRestarted,
        JobEvent.RunStopped => Manifests.JobRunStopped,
        JobEvent.Recovered => Manifests.JobRecovered,
        RegionEvent.PartialsMerged => Manifests.PartialsMerged,
        RegionEvent.RegionCompacted => Manifests.RegionCompacted,
        _ => QueueMapping.ManifestOf(value),
    };

    public static IMessage? ToStored(object value) => value switch
    {
        JobEvent.Started e => new Stored.Started { Job = e.Job.ToStored(), Spec = e.Spec.ToStored(), At = e.At.ToStored() },
        JobEvent.RunBegan e => ToStored(e),
        JobEvent.SplitPlanned e => new Stored.SplitPlanned { Split = e.Split, Batches = e.Batches, Choice = e.Choice.ToStored() },
        JobEvent.SplitEnded e => new Stored.SplitEnded { Split = e.Split, Batches = e.Batches },
        JobEvent.BatchesCompleted e => new Stored.BatchesCompleted
        {
            Batches = e.Batches.ToStored(),
            Regions = { e.Regions },
            Tally = e.Tally.ToStored(),
            Lines = e.Lines.IsEmpty ? null : new Stored.BatchLines { Counts = { e.Lines } },
        },
        JobEvent.BatchCrashed e => ToStored(e.Restart),
        JobEvent.BatchSuspected e => CrashMapping.ToStored(e),
        JobEvent.RowsCleared e => CrashMapping.ToStored(e),
        JobEvent.RowsCondemned e => CrashMapping.ToStored(e),
        JobEvent.AttemptBegan e => CrashMapping.ToStored(e),
        JobEvent.BatchesRetried e => new Stored.BatchesRetried
        {
            Batches = e.Batches.ToStored(),
            Reason = e.Reason,
            At = e.At.ToStored(),
        },
        JobEvent.SinkLoaded { Place: null } e => new Stored.SinkLoaded { Sink = e.Sink },
        JobEvent.SinkLoaded e => PlaceMapping.ToStored(e.Sink, e.Place),
        JobEvent.Finished e => new Stored.Finished { At = e.At.ToStored() },
        JobEvent.Failed e => new Stored.Failed { ExitCode = e.ExitCode, Reason = e.Reason, At = e.At.ToStored() },
        CatalogEvent.JobOpened e => new Stored.JobOpened { InputKey = e.InputKey, Job = e.Job.ToStored(), At = e.At.ToStored() },
        CatalogEvent.JobClosed e => new Stored.JobClosed { Job = e.Job.ToStored(), ExitCode = e.ExitCode, At = e.At.ToStored() },
        CatalogEvent.RegionsCounted e => new Stored.RegionsCounted { Job = e.Job.ToStored(), Regions = e.Regions },
        CatalogEvent.JobForgotten e => new Stored.JobForgotten { Job = e.Job.ToStored(), At = e.At.ToStored() },
        JobEvent.Summarised e => StoryMapping.ToStored(e),
        JobEvent.ActorsRestarted e => RestartMapping.ToStored(e),
        JobEvent.RunStopped e => RestartMapping.ToStored(e),
        JobEvent.Recovered e => RestartMapping.ToStored(e),
        RegionEvent.PartialsMerged e => new Stored.PartialsMerged { Batches = e.Batches.ToStored(), Delta = e.Delta.ToStored() },
        RegionEvent.RegionCompacted e => new Stored.RegionCompacted { Merged = e.Merged.ToStored(), Total = e.Total.ToStored() },
        _ => QueueMapping.ToStored(value),
    };

    public static object? FromStored(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.JobStarted => Read(Stored.Started.Parser.ParseFrom(bytes)),
        Manifests.JobRunBegan => Read(Stored.RunBegan.Parser.ParseFrom(bytes)),
        Manifests.JobSplitPlanned => Read(Stored.SplitPlanned.Parser.ParseFrom(bytes)),
        Manifests.JobSplitEnded => Read(Stored.SplitEnded.Parser.ParseFrom(bytes)),
        Manifests.JobBatchesCompleted => Read(Stored.BatchesCompleted.Parser.ParseFrom(bytes)),
        Manifests.JobFileBatchesCompleted => ReadLines(Stored.BatchesCompleted.Parser.ParseFrom(bytes)),
        Manifests.JobBatchCrashed => Read(Stored.BatchCrashed.Parser.ParseFrom(bytes)),
        Manifests.JobBatchSuspected => CrashMapping.Read(Stored.BatchSuspected.Parser.ParseFrom(bytes)),
        Manifests.JobRowsCleared => CrashMapping.Read(Stored.RowsCleared.Parser.ParseFrom(bytes)),
        Manifests.JobRowsCondemned => CrashMapping.Read(Stored.RowsCondemned.Parser.ParseFrom(bytes)),
        Manifests.JobAttemptBegan => CrashMapping.Read(Stored.AttemptBegan.Parser.ParseFrom(bytes)),
        Manifests.JobBatchesRetried => Read(Stored.BatchesRetried.Parser.ParseFrom(bytes)),
        Manifests.JobSinkLoaded => Read(Stored.SinkLoaded.Parser.ParseFrom(bytes)),
        Manifests.JobSinkLoadedPlace => PlaceMapping.FromStored(Stored.SinkLoadedPlace.Parser.ParseFrom(bytes)),
        Manifests.JobFinished => Read(Stored.Finished.Parser.ParseFrom(bytes)),
        Manifests.JobFailed => Read(Stored.Failed.Parser.ParseFrom(bytes)),
        Manifests.CatalogJobOpened => Read(Stored.JobOpened.Parser.ParseFrom(bytes)),
        Manifests.CatalogJobClosed => Read(Stored.JobClosed.Parser.ParseFrom(bytes)),
        Manifests.CatalogRegionsCounted => Read(Stored.RegionsCounted.Parser.ParseFrom(bytes)),
        Manifests.CatalogJobForgotten => Read(Stored.JobForgotten.Parser.ParseFrom(bytes)),
        Manifests.JobSummarised => StoryMapping.FromStored(Stored.Summarised.Parser.ParseFrom(bytes)),
        Manifests.JobSummarisedWithActors => StoryMapping.FromStoredWithActors(Stored.Summarised.Parser.ParseFrom(bytes)),
        Manifests.JobActorsRestarted => RestartMapping.Read(Stored.ActorsRestarted.Parser.ParseFrom(bytes)),
        Manifests.JobRunStopped => RestartMapping.Read(Stored.RunStopped.Parser.ParseFrom(bytes)),
        Manifests.JobRecovered => RestartMapping.Read(Stored.Recovered.Parser.ParseFrom(bytes)),
        Manifests.PartialsMerged => Read(Stored.PartialsMerged.Parser.ParseFrom(bytes)),
        Manifests.RegionCompacted => Read(Stored.RegionCompacted.Parser.ParseFrom(bytes)),
        _ => QueueMapping.FromStored(manifest, bytes),
    };

    internal static Stored.RunBegan ToStored(JobEvent.RunBegan run) =>
        new() { Run = run.Run.ToStored(), ProductVersion = run.ProductVersion, At = run.At.ToStored() };

    internal static Stored.BatchCrashed ToStored(Restart restart)
    {
        var stored = new Stored.BatchCrashed
        {
            Actor = restart.Actor,
            Cause = restart.Cause,
            Directive = restart.Directive,
            Split = restart.Batch.Split,
            Ordinal = restart.Batch.Ordinal,
            Attempt = restart.Attempt,
            At = restart.At.ToStored(),
        };
        if (restart.Row is { } row) stored.Row = row;
        if (restart.RecoveredAfter is { } after) stored.RecoveredAfter = after.Ticks;
        return stored;
    }

    private static JobEvent.Started Read(Stored.Started e) =>
        new(e.Job.ToJobId(), e.Spec.Required("spec").FromStored(), ToTime(e.HasAt, e.At));

    internal static JobEvent.RunBegan Read(Stored.RunBegan e) => new(e.Run.ToRunId(), e.ProductVersion, ToTime(e.HasAt, e.At));

    private static JobEvent.SplitPlanned Read(Stored.SplitPlanned e) =>
        new(e.Split, e.Batches, e.Choice.Required("choice").FromStored());

    private static JobEvent.BatchesCompleted Read(Stored.BatchesCompleted e) =>
        new(e.Batches.Required("batches").FromStored(), [.. e.Regions], e.Tally.Required("tally").FromStored());

    private static JobEvent.BatchesCompleted ReadLines(Stored.BatchesCompleted e) =>
        Read(e) with { Lines = e.Lines.Required("lines").Counts.ToEquatableArray() };

    private static JobEvent.SplitEnded Read(Stored.SplitEnded e) => new(e.Split, Required(e.HasBatches, e.Batches, "batches"));

    internal static JobEvent.BatchCrashed Read(Stored.BatchCrashed e) => new(new Restart(
        e.Actor, e.Cause, e.Directive, new(e.Split, e.Ordinal), e.HasRow ? e.Row : null, e.Attempt, ToTime(e.HasAt, e.At))
    {
        RecoveredAfter = e.HasRecoveredAfter ? new(e.RecoveredAfter) : null,
    });

    private static JobEvent.BatchesRetried Read(Stored.BatchesRetried e) =>
        new(e.Batches.Required("batches").FromStored(), e.Reason, ToTime(e.HasAt, e.At));

    private static JobEvent.SinkLoaded Read(Stored.SinkLoaded e) => new(Required(e.HasSink, e.Sink, "sink"));

    private static JobEvent.Finished Read(Stored.Finished e) => new(ToTime(e.HasAt, e.At));

    private static JobEvent.Failed Read(Stored.Failed e) => new(e.ExitCode, e.Reason, ToTime(e.HasAt, e.At));

    private static CatalogEvent.JobOpened Read(Stored.JobOpened e) => new(e.InputKey, e.Job.ToJobId(), ToTime(e.HasAt, e.At));

    private static CatalogEvent.JobClosed Read(Stored.JobClosed e) => new(e.Job.ToJobId(), e.ExitCode, ToTime(e.HasAt, e.At));

    private static CatalogEvent.RegionsCounted Read(Stored.RegionsCounted e) =>
        new(e.Job.ToJobId(), Required(e.HasRegions, e.Regions, "regions"));

    private static CatalogEvent.JobForgotten Read(Stored.JobForgotten e) => new(e.Job.ToJobId(), ToTime(e.HasAt, e.At));

    private static RegionEvent.PartialsMerged Read(Stored.PartialsMerged e) =>
        new(e.Batches.Required("batches").FromStored(), e.Delta.Required("delta").FromStored());

    private static RegionEvent.RegionCompacted Read(Stored.RegionCompacted e) =>
        new(e.Merged.Required("merged").FromStored(), e.Total.Required("total").FromStored());
}
