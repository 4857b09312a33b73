using System.Globalization;

namespace Etl.Domain.Jobs;

/// <summary>The stages of a job, as they follow from its durable state.</summary>
public enum Stage
{
    /// <summary>Not begun.</summary>
    None = 0,

    /// <summary>Splits are read and cut.</summary>
    Extract = 1,

    /// <summary>Batches are mapped, and their partials reduced; the two run side by side.</summary>
    MapAndReduce = 2,

    /// <summary>Sinks are written.</summary>
    Load = 3,

    /// <summary>Over.</summary>
    Ended = 4,
}

/// <summary>The lines of the project's log that a job's transitions are worth: start and end of each stage.</summary>
public static class StageLog
{
    /// <summary>The stage a job is in.</summary>
    public static Stage StageOf(JobState state) => state switch
    {
        JobState.NotStarted => Stage.None,
        JobState.Running { AllBatchesCompleted: true } => Stage.Load,
        JobState.Running running => running.Plans.Count < running.Splits ? Stage.Extract : Stage.MapAndReduce,
        JobState.Ended => Stage.Ended,
        _ => throw new System.Diagnostics.UnreachableException(state.GetType().Name),
    };

    /// <summary>What to log when <paramref name="event"/> led from one state to the other; often nothing.</summary>
    public static IEnumerable<string> Lines(JobState before, JobEvent @event, JobState after)
    {
        var (from, to) = (StageOf(before), StageOf(after));
        // A process that begins to work on a job begins in the stage that the last one died in.
        if (@event is JobEvent.RunBegan)
            return after is JobState.Running { Troubles: { OneAtATime: true, AloneFor: var more } }
                ? [.. Started(to), Text($"Processes ended without progress: the next {more} batches are mapped one at a time")]
                : Started(to);
        if (@event is JobEvent.ActorsRestarted restarted)
            return [.. restarted.Restarts.Select(r => Text($"{r.Actor} failed{(r.Batch is { } batch ? Text($" at batch {batch}") : "")}, the {r.Attempt}. time in this job: {r.Cause}; {r.Directive}"))];
        if (@event is JobEvent.Failed failed) return [$"Job failed with exit code {failed.ExitCode.ToString(CultureInfo.InvariantCulture)}: {failed.Reason}"];
        if (@event is JobEvent.RowsCondemned condemned)
            return [Text($"Row {string.Join(", ", condemned.Positions)} of batch {condemned.Batch} is set aside, it {condemned.Reason}: {condemned.Message}")];
        if (@event is JobEvent.BatchSuspected suspected)
            return [Text($"Batch {suspected.Batch} crashes at rows {suspected.Rows.From} to {suspected.Rows.To - 1}: parts of them are tried alone")];
        return from == to || from == Stage.None ? [] : [.. Enumerable.Range((int)from, (int)to - (int)from).SelectMany(s => Between((Stage)s, before, after))];
    }

    private static IEnumerable<string> Between(Stage ended, JobState before, JobState after) =>
        [.. Ended(ended, after as JobState.Running ?? before as JobState.Running), .. Started(ended + 1)];

    private static IEnumerable<string> Started(Stage stage) => stage switch
    {
        Stage.Extract => ["Extract started"],
        Stage.MapAndReduce => ["Map started", "Reduce started"],
        Stage.Load => ["Load started"],
        _ => [],
    };

    private static IEnumerable<string> Ended(Stage stage, JobState.Running? state) => (stage, state) switch
    {
        (Stage.Extract, { } s) => [Text($"Extract ended: {BatchesOf(s)} batches from {s.Spec.Inputs.Count} input(s)")],
        (Stage.MapAndReduce, { } s) =>
        [
            Text($"Map ended: {s.Tally.Read} rows, {s.Tally.Records} records, {s.Tally.Quarantined} quarantined"),
            Text($"Reduce ended: {s.Completed.Count} batches durable in {s.Regions.Count} region(s)"),
        ],
        (Stage.Load, _) => ["Load ended"],
        _ => [],
    };

    private static string BatchesOf(JobState.Running state) =>
        state.PlannedBatches is { } planned ? planned.ToString(CultureInfo.InvariantCulture) : "as many as the stream has";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
