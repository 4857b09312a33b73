using System.Globalization;
using System.Text;

namespace Etl.Tests.Outside;

/// <summary>Small pages of the tests' own, in the layout of the real list.</summary>
public static class Pages
{
    private static readonly (string Name, int Millions)[] Economies =
    [
        ("United States", 30_615_743), ("China", 19_398_577), ("Germany", 5_013_574), ("Japan", 4_279_828), ("India", 4_125_213),
        ("United Kingdom", 3_958_780), ("France", 3_361_557), ("Italy", 2_543_677), ("Canada", 2_283_599), ("Brazil", 2_256_910),
        ("Spain", 1_891_371), ("Mexico", 1_862_740), ("South Korea", 1_858_572), ("Australia", 1_829_508), ("Argentina", 683_371),
        ("South Africa", 426_383), ("Egypt", 349_264), ("New Zealand", 262_909), ("Kenya", 136_014), ("Fiji", 6_336),
    ];

    /// <summary>A page of these rows: a name and the text of a value each.</summary>
    public static string Of(
        IEnumerable<(string Name, string Value)> rows, string title = "List of countries by GDP (nominal)",
        string caption = "GDP (million US$) by country", string column = "IMF (2025)")
    {
        var page = new StringBuilder($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
            <body><h1>{title}</h1>
            <table class="wikitable"><caption>{caption}</caption>
            <tr><th>Country/Territory</th><th>{column}</th></tr>

            """);
        foreach (var (name, value) in rows) page.Append(CultureInfo.InvariantCulture, $"<tr><td>{name}</td><td>{value}</td></tr>\n");
        return page.Append("</table></body></html>\n").ToString();
    }

    /// <summary>Twenty economies.</summary>
    public static IEnumerable<(string Name, string Value)> Rows => Economies.Select(e => (e.Name, e.Millions.ToString("N0", CultureInfo.InvariantCulture)));

    /// <summary>The same rows over and over: with a row per batch it keeps a run busy for seconds, and its answer is that of twenty rows.</summary>
    public static string Long(int rows = 1500) => Of(Enumerable.Range(0, rows).Select(i => Rows.ElementAt(i % Economies.Length)));
}
