using System.Collections.Immutable;
using Etl.Domain.Countries;
using Etl.Domain.Load;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Jobs.Watching;

/// <summary>How far a stage of the pipeline is.</summary>
/// <param name="Name">extract, map, reduce, load.</param>
/// <param name="Count">What it has done so far.</param>
/// <param name="Unit">Of what.</param>
/// <param name="UnderWay">What it has in hand.</param>
public sealed record StagePicture(string Name, long Count, string Unit, long UnderWay, bool IsActive, bool IsDone);

/// <summary>A job as people watch it: a function of its immutable states, computed when somebody looks.</summary>
/// <param name="Planned">Batches in all; null as long as nobody knows.</param>
/// <param name="Fraction">0 to 1 of the work; null as long as nobody knows.</param>
/// <param name="Regions">The answer so far, by region; what is not durable yet is not in it.</param>
/// <param name="Restarts">All of them; exact.</param>
public sealed record RunPicture(
    Stage Stage, ImmutableArray<StagePicture> Stages, long Rows, BatchTally Tally, long Done, long? Planned, double? Fraction, long Mapping, long Unwritten,
    long Retries, long Restarts, ImmutableArray<StripCell> Strip, ImmutableArray<RegionRow> Regions)
{
    /// <summary>The picture of a job that is under way.</summary>
    /// <param name="inputs">How much of the files is read.</param>
    /// <param name="totals">What is durable in the reducers, by ordinal.</param>
    public static RunPicture Of(
        JobState.Running job, Flight flight, InputProgress inputs, IReadOnlyDictionary<int, RegionState> totals, RegionScheme scheme, int cells = 240)
    {
        var stage = StageLog.StageOf(job);
        var mapping = flight.Batches.Values.Count(b => b.Tally is null);
        var unwritten = flight.Count - mapping;
        var (bytes, allBytes) = inputs.Of(job);
        var planned = job.PlannedBatches ?? job.ExpectedBatches;
        double? fraction = stage == Stage.Load ? 1 : allBytes > 0 ? (double)bytes / allBytes : planned > 0 ? (double)job.Completed.Count / planned.Value : null;
        var loading = stage == Stage.Load;
        return new(
            stage,
            [
                new("extract", job.Plans.Count, job.Splits == 1 ? "of 1 split" : FormattableString.Invariant($"of {job.Splits} splits"), job.Splits - job.Plans.Count, stage == Stage.Extract, job.Plans.Count == job.Splits),
                new("map", job.Completed.Count + unwritten, "batches", mapping, mapping > 0, loading),
                new("reduce", job.Regions.Count, "regions", unwritten, unwritten > 0, loading),
                new("load", job.Loaded.Count, "sinks", 0, loading, false),
            ],
            job.Tally.Read, job.Tally, job.Completed.Count, planned, fraction, mapping, unwritten, job.Retries, job.RestartsTotal + job.ActorRestarts.Total,
            BatchStrip.Of(job, flight, cells), RegionsOf(job, totals, scheme));
    }

    // As the loader would build it from what there is; where that is no answer yet, there is nothing to show.
    private static ImmutableArray<RegionRow> RegionsOf(JobState.Running job, IReadOnlyDictionary<int, RegionState> totals, RegionScheme scheme)
    {
        var known = totals.Where(t => !t.Value.Total.Entries.IsEmpty).Select(t => new RegionTotal(t.Key, t.Value.Total)).OrderBy(t => t.Region).ToArray();
        if (known.Length == 0) return [];
        // The counts of the batches that are complete run behind the reducers, so the count equation is of no use before the end.
        var read = known.Sum(t => t.Total.Entries.Sum(e => e.Value.Rows));
        var built = ReportBuilder.Build(
            job.Spec, ReportBuilder.IsSeries(job.Spec, known), CountryDirectory.Default, scheme, job.Plans.Values.Select(p => p.Choice).Distinct(),
            BatchTally.Empty with { Read = read, Records = read }, known);
        return built is Result<Report, ReportError>.Ok { Value.Regions: var regions } ? regions.Items : [];
    }
}
