using System.Globalization;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Load;
using Etl.Host.Screen;

namespace Etl.Host.Data;

/// <summary>The regions and the countries as two tables of Markdown.</summary>
internal static class MarkdownData
{
    public static void Write(Report report, TextWriter writer)
    {
        var top = report.Spec.Options.Top.ToString(CultureInfo.InvariantCulture);
        writer.WriteLine($"| Region | Year | Top-{top} average, bn USD | Countries |");
        writer.WriteLine("|---|---|---:|---|");
        foreach (var r in report.Regions)
            writer.WriteLine($"| {Text(r.Region)} | {Years(r)} | {r.Average} | {string.Join(", ", r.Members.Select(m => Text(m.Country)))} |");
        writer.WriteLine();
        writer.WriteLine("| Rank | Country | Code | Region | Year | GDP, bn USD |");
        writer.WriteLine("|---:|---|---|---|---|---:|");
        foreach (var c in report.Countries)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {c.Rank} | {Text(c.Country)} | {c.Code} | {Text(c.Region ?? "")} | {c.Year} | {Wording.Billions(c.Gdp)} |"));
    }

    /// <summary>A text cell: on one line, and without a meaning to Markdown or HTML.</summary>
    internal static string Text(string text) => MarkdownText.Cell(Inert.Text(text));

    private static string Years(RegionRow region) => (region.YearFrom, region.YearTo) switch
    {
        (null, _) or (_, null) => "",
        ({ } from, { } to) when from == to => from.ToString(CultureInfo.InvariantCulture),
        ({ } from, { } to) => string.Create(CultureInfo.InvariantCulture, $"{from}-{to}"),
    };
}
