using System.Globalization;

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
        var counts = report.Counts;
        if (counts.Quarantined > maxQuarantined)
            return Text($"{counts.Quarantined} rows are quarantined, more than the {maxQuarantined} of --max-quarantined; first: {First(report)}");
        if (maxPercent is { } percent && counts.Quarantined * 100m > counts.Read * (decimal)percent)
            return Text($"{counts.Quarantined} of {counts.Read} rows are quarantined, more than the {percent} % of --max-quarantined; first: {First(report)}");
        if (!strict) return null;
        if (counts.Quarantined > 0) return Text($"--strict: {counts.Quarantined} rows are quarantined; first: {First(report)}");
        if (!report.UnassignedCountries.IsEmpty)
            return Text($"--strict: countries without a region in {report.Spec.Options.Regions}: {string.Join(", ", report.UnassignedCountries)}");
        return report.Warnings.IsEmpty ? null : Text($"--strict: {report.Warnings.Count} warnings; first: {report.Warnings[0]}");
    }

    private static string First(Report report) => report.Rejections.IsEmpty
        ? "not recorded"
        : Text($"row {report.Rejections[0].Place.Position}, {report.Rejections[0].Column} \"{report.Rejections[0].Text}\": {report.Rejections[0].Reason}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
