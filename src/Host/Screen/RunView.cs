using Etl.Actors.Hosting;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Host.Screen;

/// <summary>A finished run as the screen shows it: of results per year, the latest year.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Countries">All of the year that is shown, highest first.</param>
/// <param name="Selected">Those at or above the threshold.</param>
/// <param name="Year">The year that is shown, null when results are not per year.</param>
/// <param name="OtherYears">How many more years there are.</param>
internal sealed record RunView(
    RunRequest Request, RunOutcome Outcome, Report Report, IReadOnlyList<CountryRow> Countries, IReadOnlyList<CountryRow> Selected,
    IReadOnlyList<RegionRow> Regions, int? Year, int OtherYears)
{
    /// <summary>The view of an outcome with a report.</summary>
    public static RunView Of(RunRequest request, RunOutcome outcome, Report report)
    {
        if (report.Spec.Options.Year is not YearRule.All)
            return new(request, outcome, report, report.Countries, [.. report.AtOrAboveThreshold], report.Regions, null, 0);
        var years = report.Countries.Items.Select(c => c.Year).Distinct().ToArray();
        var latest = years.Max();
        return new(
            request, outcome, report, [.. report.Countries.Items.Where(c => c.Year == latest)],
            [.. report.AtOrAboveThreshold.Where(c => c.Year == latest)], [.. report.Regions.Items.Where(r => r.Group == latest)],
            latest, Math.Max(0, years.Length - 1));
    }
}
