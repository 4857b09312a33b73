using System.Globalization;
using Etl.Domain.Jobs;

namespace Etl.Host.Screen;

/// <summary>How jobs are said on the screen.</summary>
internal static class JobWording
{
    /// <summary>"open", "finished", "failed".</summary>
    public static string Of(JobStanding standing) => standing.ToString().ToLowerInvariant();

    /// <summary>The colour of it.</summary>
    public static Tone ToneOf(JobStanding standing) => standing switch
    {
        JobStanding.Open => Tone.Warning,
        JobStanding.Finished => Tone.Good,
        JobStanding.Failed => Tone.Bad,
        _ => throw new System.Diagnostics.UnreachableException(standing.ToString()),
    };

    /// <summary>"extract", "map and reduce", "load", "ended".</summary>
    public static string Of(Stage stage) => stage == Stage.MapAndReduce ? "map and reduce" : stage.ToString().ToLowerInvariant();

    /// <summary>How long ago, in its largest unit: "40 s", "3 min", "5 h", "12 d".</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => Text($"{Math.Max(0, (long)age.TotalSeconds)} s"),
        { TotalMinutes: < 60 } => Text($"{(long)age.TotalMinutes} min"),
        { TotalHours: < 48 } => Text($"{(long)age.TotalHours} h"),
        _ => Text($"{(long)age.TotalDays} d"),
    };

    /// <summary>Universal time, as a journal has it; it may be read on another machine than it was written on.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Without the year and the seconds, for narrow places.</summary>
    public static string ShortTime(DateTimeOffset at) => at.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"6/14", "6/?" as long as it is not known how many there are.</summary>
    public static string Batches(JobRecord job) =>
        $"{Wording.Number(job.BatchesDone)}/{(job.BatchesPlanned is { } planned ? Wording.Number(planned) : "?")}";

    /// <summary>What a job reads, by the names that its user gave.</summary>
    public static string Input(JobRecord job) => job.Spec is not { } spec ? "?"
        : Wording.Name(spec.Inputs[0].Label) + (spec.Inputs.Count > 1 ? $" and {Wording.Number(spec.Inputs.Count - 1)} more" : "");

    /// <summary>Bytes in a unit of a person's size.</summary>
    public static string Bytes(long bytes) => bytes < 10_000 ? Text($"{bytes} B") : bytes < 10_000_000 ? Text($"{bytes / 1000} kB") : Text($"{bytes / 1_000_000} MB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
