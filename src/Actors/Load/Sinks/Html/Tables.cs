using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks.Html;

/// <summary>The tables of the answer.</summary>
internal static class Tables
{
    /// <summary>Each region's top and average.</summary>
    /// <param name="id">Of the caption, unlike any other on the page.</param>
    /// <param name="of">Which year or edition, as the end of a phrase.</param>
    public static Markup Regions(string id, string of, IReadOnlyList<RegionRow> regions, int top)
    {
        var rows = regions.Select(r => Markup.Of($"""
            <tr><th scope="row">{Say.Name(r.Region)}</th><td class="n">{r.Average}</td><td class="n wide">{r.SumExact}</td><td class="wide">{Say.Years(r.YearFrom, r.YearTo)}</td><td>{Markup.Join(", ", r.Members.Select(m => Say.Name(m.Country)))}</td></tr>

            """));
        return Scrolling(id, Markup.Of($"""
            <caption id="{id}">Average GDP of each region's top {top}{of}, billion USD: the mean of the exact values, rounded once</caption>
            <thead><tr><th scope="col">Region</th><th scope="col" class="n">Average</th><th scope="col" class="n wide">Exact sum</th><th scope="col" class="wide">Years</th><th scope="col">Top {top}, highest first</th></tr></thead>
            <tbody>
            {Markup.Join(rows)}</tbody>
            """));
    }

    /// <summary>All countries, in two groups: those whose rounded value reaches the threshold, and the others.</summary>
    public static Markup Countries(string id, string of, IReadOnlyList<CountryRow> countries, decimal threshold)
    {
        var reach = countries.Where(c => Say.Drawn(c.Gdp) >= threshold).ToArray();
        var others = countries.Where(c => Say.Drawn(c.Gdp) < threshold).ToArray();
        return Scrolling(id, Markup.Of($"""
            <caption id="{id}">Economies by GDP{of}, highest first; equal exact values have one rank</caption>
            <thead><tr><th scope="col" class="n">Rank</th><th scope="col">Economy</th><th scope="col" class="wide">Code</th><th scope="col">Region</th><th scope="col" class="n">Year</th><th scope="col" class="n">Billion USD</th><th scope="col" class="n wide">Million USD, exact</th></tr></thead>
            {Group(reach, $"At or above {Say.Plain(threshold)} billion USD: {Say.Count(reach.Length, "economy", "economies")}")}{Group(others, $"Below: {Say.Count(others.Length, "economy", "economies")}")}
            """));
    }

    /// <summary>Rows that were set aside.</summary>
    public static Markup Quarantine(string id, IReadOnlyList<QuarantineEntry> entries, string caption)
    {
        var rows = entries.Select(e => Markup.Of($"""
            <tr><th scope="row">{Say.Name(e.Source)}</th><td class="n">{Say.Number(e.Line)}</td><td class="n wide">{(e.Row is { } row ? $"row {Say.Number(row)}" : $"byte {Say.Number(e.Offset)}")}</td><td>{Say.Name(e.Column)}</td><td class="text">{Say.Name(e.Text)}</td><td>{e.Reason}</td></tr>

            """));
        return Scrolling(id, Markup.Of($"""
            <caption id="{id}">{caption}</caption>
            <thead><tr><th scope="col">Source</th><th scope="col" class="n">Line</th><th scope="col" class="n wide">Place</th><th scope="col">Column</th><th scope="col">Text</th><th scope="col">Reason</th></tr></thead>
            <tbody>
            {Markup.Join(rows)}</tbody>
            """));
    }

    /// <summary>A table that is wider than the screen is moved by itself, also by the keyboard.</summary>
    public static Markup Scrolling(string id, Markup table) => Markup.Of($"""
        <div class="scroll" role="group" aria-labelledby="{id}" tabindex="0"><table>
        {table}
        </table></div>

        """);

    private static Markup Group(IReadOnlyList<CountryRow> countries, string heading)
    {
        if (countries.Count == 0) return Markup.None;
        var rows = countries.Select(c => Markup.Of($"""
            <tr><td class="n">{c.Rank}</td><th scope="row">{Say.Name(c.Country)}</th><td class="wide">{c.Code.ToString()}</td><td>{Say.Name(c.Region ?? "")}</td><td class="n">{Say.Number(c.Year)}</td><td class="n">{Say.Billions(c.Gdp)}</td><td class="n wide">{c.Gdp.ToMillionText()}</td></tr>

            """));
        return Markup.Of($"""
            <tbody>
            <tr><th scope="rowgroup" class="group" colspan="7">{heading}</th></tr>
            {Markup.Join(rows)}</tbody>

            """);
    }
}
