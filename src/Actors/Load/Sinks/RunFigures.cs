using System.Globalization;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>Times and rates of a run as they stand in <c>run.json</c> and in the table of runs: the same in both.</summary>
internal static class RunFigures
{
    /// <summary>ISO 8601, UTC, milliseconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>To the millisecond; null when the clock told nonsense.</summary>
    public static double? Seconds(RunFacts facts) => double.IsFinite(facts.Seconds) ? Math.Round(facts.Seconds, 3) : null;

    /// <summary>A time in seconds, to the millisecond; null when there is none.</summary>
    public static double? Seconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds, 3) : null;

    /// <summary>Rows read per second of the run; null when it took no measurable time.</summary>
    public static double? RowsPerSecond(RunFacts facts, CountEquation counts) =>
        facts.Seconds > 0 && double.IsFinite(facts.Seconds) ? Math.Round(counts.Read / facts.Seconds, 1) : null;
}
