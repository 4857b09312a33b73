using System.Globalization;
using Etl.Domain.Jobs;

namespace Etl.Domain.Load;

/// <summary>Whether a report is good enough to be loaded, where the user set a limit. Exit code 3 when it is not.</summary>
public static class QualityGate
{
    /// <summary>Null when the report passes; otherwise what is wrong and what to do, for people.</summary>
    /// <param name="strict">Any quarantined row, country without a region, or warning fails.</param>
    /// <param name="maxQuarantined">Rows that may be quarantined, null without a limit.</param>
    /// <param name="maxPercent">Share of the rows read that may be quarantined, 0 to 100, null without a limit.</param>
    public static string? Check(Report report, bool strict, long? maxQuarantined, double? maxPercent)
    {
        if (PastLimit(report, maxQuarantined, maxPercent) is { } limit) return limit + Kept(report.Spec, "with another limit");
        return strict && NotStrict(report) is { } loose ? loose + Kept(report.Spec, "without --strict") : null;
    }

    /// <summary>
    /// Null as long as a job may go on; otherwise why it stops before its end. A share of the rows is known at the end alone, and so is
    /// everything about a job whose last batch is done: both are <see cref="Check"/>'s.
    /// </summary>
    public static string? Stop(JobState state, long? maxQuarantined)
    {
        if (state is not JobState.Running { AllBatchesCompleted: false, Tally: var tally } running || !(tally.Quarantined > maxQuarantined)) return null;
        var examples = tally.Rejections.Take(3).Select(r =>
            Text($"{running.Spec.Inputs[r.Place.Input].Label}, byte {r.Place.Position}, {r.Column} \"{r.Text}\": {r.Reason}"));
        return Text($"{tally.Quarantined} of the first {tally.Read} rows are quarantined, more than the {maxQuarantined} of --max-quarantined: stopped; ")
            + $"first: {string.Join("; ", examples)}{Kept(running.Spec, "with another limit")}";
    }

    private static string? PastLimit(Report report, long? maxQuarantined, double? maxPercent)
    {
        var counts = report.Counts;
        if (counts.Quarantined > maxQuarantined)
            return Text($"{counts.Quarantined} rows are quarantined, more than the {maxQuarantined} of --max-quarantined; first: {First(report)}");
        if (maxPercent is { } percent && counts.Quarantined * 100m > counts.Read * (decimal)percent)
            return Text($"{counts.Quarantined} of {counts.Read} rows are quarantined, more than the {percent} % of --max-quarantined; first: {First(report)}");
        return null;
    }

    private static string? NotStrict(Report report)
    {
        var counts = report.Counts;
        if (counts.Quarantined > 0) return Text($"--strict: {counts.Quarantined} rows are quarantined; first: {First(report)}");
        if (!report.UnassignedCountries.IsEmpty)
            return Text($"--strict: countries without a region in {report.Spec.Options.Regions}: {string.Join(", ", report.UnassignedCountries)}");
        return report.Warnings.IsEmpty ? null : Text($"--strict: {report.Warnings.Count} warnings; first: {report.Warnings[0]}");
    }

    /// <summary>The first row that was set aside, for people.</summary>
    internal static string First(Report report)
    {
        if (report.Rejections.IsEmpty) return "not recorded";
        var first = report.Rejections[0];
        var place = first.Line is { } line ? Text($"line {line}") : Text($"row {first.Place.Position}");
        if (report.Spec.Inputs.Count > 1) place = $"{report.Spec.Inputs[first.Place.Input].Label}, {place}";
        // A row of too many or too few fields is rejected as a whole.
        var column = first.Column.Length == 0 ? "" : first.Column + " ";
        return Text($"{place}, {column}\"{first.Text}\": {first.Reason}");
    }

    // A gate ends the run, not the job.
    private static string Kept(JobSpec spec, string how) => spec.IsResumable ? $"; what was done is kept, and a run {how} goes on from there" : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
