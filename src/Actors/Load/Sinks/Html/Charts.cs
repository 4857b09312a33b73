using System.Globalization;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks.Html;

/// <summary>
/// The charts, as inline SVG without a script. Horizontal places are shares of the width and letters keep their size, so a chart is as
/// readable on a phone as on a desk. Every chart says its figures in its description too.
/// </summary>
internal static class Charts
{
    private const int MaxRegions = 30;
    private const int MaxMembers = 10;
    private const int RowHeight = 40;
    private const int ColumnHeight = 150;

    /// <summary>The averages of the regions, on one scale.</summary>
    public static Markup Averages(IReadOnlyList<RegionRow> regions, int top)
    {
        RegionRow[] shown = [.. regions.OrderByDescending(Say.Average).ThenBy(r => r.Region, StringComparer.Ordinal).Take(MaxRegions)];
        var rest = regions.Count > shown.Length ? $" The first {Say.Number(shown.Length)} of {Say.Number(regions.Count)} regions." : "";
        return Markup.Of($"""
            <figure class="card">
            {Bars("averages", $"Average GDP of each region's top {Say.Number(top)}, billion USD", [.. shown.Select(r => (r.Region, r.Average, Say.Average(r)))])}
            <figcaption>Average of each region's top {top}, billion USD, on one scale.{rest}</figcaption>
            </figure>

            """);
    }

    /// <summary>The top of each region, each on a scale of its own.</summary>
    public static Markup Members(IReadOnlyList<RegionRow> regions)
    {
        var cards = regions.Take(MaxRegions).Select((region, i) => Markup.Of($"""
            <div class="card" role="group" aria-labelledby="region-{i}">
            <h3 id="region-{i}">{Say.Name(region.Region)}</h3>
            {Bars("members-" + Say.Number(i), $"Top economies of {region.Region}, billion USD", [.. region.Members.Take(MaxMembers).Select(m => (m.Country, Say.Billions(m.Gdp), Say.Drawn(m.Gdp)))])}
            <p class="quiet">average {region.Average}{(region.Members.Count > MaxMembers ? $"; the first {Say.Number(MaxMembers)} of {Say.Number(region.Members.Count)}" : "")}</p>
            </div>

            """));
        return Markup.Of($"<div class=\"grid\">\n{Markup.Join(cards)}</div>\n<p class=\"quiet\">Billion USD, each region on a scale of its own.</p>\n");
    }

    /// <summary>How many economies are of which size.</summary>
    public static Markup Spread(IEnumerable<CountryRow> countries)
    {
        var classes = Distribution.Of(countries.Select(c => c.Gdp));
        var most = Math.Max(1, classes.Items.Max(c => c.Count));
        var width = 100m / classes.Count;
        var columns = classes.Select((c, i) =>
        {
            var height = ColumnHeight * c.Count / most;
            var top = 20 + ColumnHeight - height;
            return Markup.Of($"""
                <rect class="bar" x="{Share((i * width) + 0.4m)}%" y="{top}" width="{Share(width - 0.8m)}%" height="{height}"/><text class="figure" x="{Share((i + 0.5m) * width)}%" y="{top - 5}" text-anchor="middle">{c.Count}</text>

                """);
        });
        // Powers of ten alone have room on a phone; the classes between them are in the description.
        var bounds = classes.Index().Where(c => c.Item.To is { } to && IsPowerOfTen(to)).Select(c => Markup.Of($"""
            <line class="axis" x1="{Share((c.Index + 1) * width)}%" x2="{Share((c.Index + 1) * width)}%" y1="{20 + ColumnHeight}" y2="{26 + ColumnHeight}"/><text class="note" x="{Share((c.Index + 1) * width)}%" y="{40 + ColumnHeight}" text-anchor="middle">{Say.Number(c.Item.To)}</text>

            """));
        return Markup.Of($"""
            <figure class="card">
            <svg role="img" aria-labelledby="spread-title spread-desc" height="{44 + ColumnHeight}">
            <title id="spread-title">Number of economies by GDP, billion USD</title>
            <desc id="spread-desc">{string.Join("; ", classes.Select(c => $"{Class(c)}: {Say.Number(c.Count)}"))}</desc>
            {Markup.Join(columns)}<line class="axis" x1="0" x2="100%" y1="{20 + ColumnHeight}" y2="{20 + ColumnHeight}"/>
            {Markup.Join(bounds)}</svg>
            <figcaption>Number of economies by GDP, billion USD; classes are bounded by 1, 2, 5, 10, 20, 50 and so on.</figcaption>
            </figure>

            """);
    }

    private static Markup Bars(string id, string title, IReadOnlyList<(string Name, string Figure, decimal Value)> rows)
    {
        var longest = rows.Select(r => r.Value).DefaultIfEmpty().Max();
        var bars = rows.Select((row, i) => Markup.Of($"""
            <text x="0" y="{(i * RowHeight) + 14}">{Say.Label(row.Name)}</text><text class="figure" x="100%" y="{(i * RowHeight) + 14}" text-anchor="end">{row.Figure}</text><rect class="bar" x="0" y="{(i * RowHeight) + 20}" width="{Say.Share(row.Value, longest)}%" height="9" rx="2"/>

            """));
        return Markup.Of($"""
            <svg role="img" aria-labelledby="{id}-title {id}-desc" height="{Math.Max(1, rows.Count * RowHeight) - 8}">
            <title id="{id}-title">{title}</title>
            <desc id="{id}-desc">{string.Join("; ", rows.Select(r => $"{r.Name} {r.Figure}"))}</desc>
            {Markup.Join(bars)}</svg>
            """);
    }

    private static string Class(AmountClass amounts) => (amounts.From, amounts.To) switch
    {
        (null, var to) => $"below {Say.Number(to)}",
        (var from, null) => $"{Say.Number(from)} and more",
        var (from, to) => $"{Say.Number(from)} to {Say.Number(to)}",
    };

    private static bool IsPowerOfTen(long number) => number == 1 || (number % 10 == 0 && IsPowerOfTen(number / 10));

    private static string Share(decimal share) => share.ToString("0.##", CultureInfo.InvariantCulture);
}
