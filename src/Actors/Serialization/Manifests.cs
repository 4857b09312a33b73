using System.Collections.Frozen;

namespace Etl.Actors.Serialization;

/// <summary>
/// The names under which events and messages are stored and sent: what, and the version of its format. Append-only: a manifest is never
/// given to another format, and one that is no longer written is still read.
/// </summary>
internal static class Manifests
{
    // Events of a job.
    public const string JobStarted = "js1";
    public const string JobRunBegan = "jr1";
    public const string JobSplitPlanned = "jp1";
    public const string JobBatchesCompleted = "jc1";
    public const string JobFileBatchesCompleted = "jc2";
    public const string JobSplitEnded = "jn1";
    public const string JobBatchCrashed = "jx1";
    public const string JobBatchesRetried = "jt1";
    public const string JobSinkLoaded = "jl1";
    public const string JobSinkLoadedPlace = "jl2";
    public const string JobFinished = "jf1";
    public const string JobFailed = "je1";
    public const string JobSummarised = "jz1";
    public const string JobBatchSuspected = "ju1";
    public const string JobRowsCleared = "jv1";
    public const string JobRowsCondemned = "jq1";
    public const string JobAttemptBegan = "ja1";
    public const string JobSummarisedWithActors = "jz2";
    public const string JobActorsRestarted = "jm1";
    public const string JobRunStopped = "jd1";
    public const string JobRecovered = "jy1";

    // Events of the catalog.
    public const string CatalogJobOpened = "co1";
    public const string CatalogJobClosed = "cc1";
    public const string CatalogRegionsCounted = "cn1";
    public const string CatalogJobForgotten = "cf1";

    // Events of a host's queue.
    public const string QueueSubmitted = "qs1";
    public const string QueueBegun = "qb1";
    public const string QueueLeft = "ql1";
    public const string QueueResubmitted = "qr1";
    public const string QueueProbed = "qp1";
    public const string QueueCompacted = "qc1";

    // Events of a region.
    public const string PartialsMerged = "pm1";
    public const string RegionCompacted = "pc1";

    /// <summary>Those that stand in journals.</summary>
    public static FrozenSet<string> Journaled { get; } = FrozenSet.Create(
        StringComparer.Ordinal, JobStarted, JobRunBegan, JobSplitPlanned, JobBatchesCompleted, JobFileBatchesCompleted, JobSplitEnded,
        JobBatchCrashed, JobBatchesRetried, JobSinkLoaded, JobSinkLoadedPlace, JobFinished, JobFailed, JobSummarised,
        JobSummarisedWithActors, JobActorsRestarted, JobRunStopped, JobRecovered,
        JobBatchSuspected, JobRowsCleared, JobRowsCondemned, JobAttemptBegan, CatalogJobOpened, CatalogJobClosed,
        CatalogRegionsCounted, CatalogJobForgotten, QueueSubmitted, QueueBegun, QueueLeft, QueueResubmitted, QueueProbed, QueueCompacted,
        PartialsMerged, RegionCompacted);

    /// <summary>Those of them that take the place of all events before them.</summary>
    public static FrozenSet<string> HoldingAll { get; } = FrozenSet.Create(
        StringComparer.Ordinal, JobSummarised, JobSummarisedWithActors, QueueCompacted, RegionCompacted);

    // Messages: x for the extractors' conversation, m for the mappers', r for the reducers'.
    public const string ExtractSplit = "xs1";
    public const string IssueBatches = "xi1";
    public const string IssueBatchesWithCaution = "xi2";
    public const string SplitRead = "xr1";
    public const string SplitFailed = "xf1";
    public const string SplitEnded = "xe1";
    public const string BatchesHeld = "xh1";
    public const string SplitOver = "xo1";
    public const string StreamRead = "xp1";
    public const string BatchMapped = "mm1";
    public const string FileBatchMapped = "mm2";
    public const string BatchCrashed = "mx1";
    public const string ProbeCrashed = "mx2";
    public const string ProbePassed = "mp1";
    public const string MergePartial = "rm1";
    public const string FlushRegion = "rf1";
    public const string GetRegionTotal = "rg1";
    public const string ForgetRegion = "rd1";
    public const string PartialsAcked = "ra1";
    public const string RegionRecovered = "rr1";
    public const string RegionTotalReply = "rt1";
    public const string RegionLost = "rl1";
    public const string RegionForgotten = "ro1";
    public const string ActorFailed = "sf1";
}
