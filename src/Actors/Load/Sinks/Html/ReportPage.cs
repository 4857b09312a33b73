using System.Text;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks.Html;

/// <summary>
/// The report as one page that needs nothing else: no script, no file beside it, no network, and a policy that forbids them all. Pure: the
/// bytes are a function of the report.
/// </summary>
internal static class ReportPage
{
    // Nothing is loaded and nothing runs; the one style element is the page's own.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    /// <summary>The page.</summary>
    public static byte[] Of(Report report) => Encoding.UTF8.GetBytes(Page(report).ToString());

    private static Markup Page(Report report)
    {
        var options = report.Spec.Options;
        var edition = Edition.Of(report);
        var perYear = options.Year is YearRule.All;
        // Newest first: it is the one with the charts.
        var groups = report.Countries.Items.GroupBy(c => perYear ? c.Year : null).OrderByDescending(g => g.Key ?? 0)
            .Select(g => new Group(g.Key, [.. g], [.. report.Regions.Where(r => r.Group == g.Key)])).ToArray();
        var newest = groups.Length == 0 ? new(null, [], []) : groups[0];
        var reach = newest.Countries.Count(c => Say.Drawn(c.Gdp) >= options.ThresholdBillions);
        var of = (newest.Year, edition.AsOf) switch
        {
            ({ } year, _) => " in " + Say.Number(year),
            (null, { } date) => ", edition of " + date,
            _ => "",
        };
        return Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>GDP by country{of}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <header>
            <h1>GDP by country{of}</h1>
            <p class="quiet">{Say.Name(Subtitle(edition, report))}</p>
            </header>
            <main>
            <p class="answer"><strong>{Say.Count(reach, "economy", "economies")}</strong> of {newest.Countries.Length} at or above {Say.Plain(options.ThresholdBillions)} billion USD; averages of the top {options.Top} in {Say.Count(newest.Regions.Length, "region", "regions")}.</p>
            <h2>Regions</h2>
            {(newest.Regions.Length == 0 ? Markup.Of($"<p>No country has a region.</p>\n") : Markup.Of($"{Charts.Averages(newest.Regions, options.Top)}{Charts.Members(newest.Regions)}{Tables.Regions("regions", of, newest.Regions, options.Top)}"))}<h2>Distribution</h2>
            {Charts.Spread(newest.Countries)}<h2>Economies</h2>
            {Tables.Countries("economies", of, newest.Countries, options.ThresholdBillions)}{Earlier(groups, options)}<h2>Where every row went</h2>
            {Account.Counts(report.Counts)}<h2>Set aside</h2>
            {Account.SetAside(report)}<h2>Warnings and gaps</h2>
            {Account.Notes(report)}<h2>What was chosen</h2>
            {Account.Chosen(report)}</main>
            <footer class="quiet">
            <p>Made by Etl from the input named above. The page holds no script and asks for nothing; figures are those of Countries_by_GDP and Region_Top.</p>
            </footer>
            </body>
            </html>

            """);
    }

    // Other years fold up: their tables are there for whoever opens them.
    private static Markup Earlier(IReadOnlyList<Group> groups, AnswerOptions options)
    {
        if (groups.Count < 2) return Markup.None;
        var years = groups.Skip(1).Select(g => Markup.Of($"""
            <details><summary>{Say.Number(g.Year)}: {Say.Count(g.Countries.Length, "economy", "economies")}</summary>
            {Tables.Regions("regions-" + Say.Number(g.Year), " in " + Say.Number(g.Year), g.Regions, options.Top)}{Tables.Countries("economies-" + Say.Number(g.Year), " in " + Say.Number(g.Year), g.Countries, options.ThresholdBillions)}</details>

            """));
        return Markup.Of($"<h2>Other years</h2>\n{Markup.Join(years)}");
    }

    private static string Subtitle(Edition edition, Report report) =>
        edition.Title is { Length: > 0 } title ? title : string.Join(", ", report.Spec.Inputs.Select((_, i) => QuarantineEntry.SourceName(report.Spec.Inputs, i)).Take(3));

    private static Markup Style { get; } = Markup.Trusted(PageStyle.Css);

    private sealed record Group(int? Year, CountryRow[] Countries, RegionRow[] Regions);
}
