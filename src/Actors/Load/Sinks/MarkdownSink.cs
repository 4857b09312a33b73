using System.Globalization;
using System.Text;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>The country table and each region's top as tables of Markdown. The bytes are a function of the report.</summary>
public sealed class MarkdownSink : ISink
{
    /// <summary>All countries, highest first.</summary>
    public const string CountriesFile = "Countries_by_GDP.md";

    /// <summary>Each region's top economies and their average.</summary>
    public const string RegionsFile = "Region_Top.md";

    private const string CountriesHead =
        "| Rank | Country | Code | Region | Year | GDP_USD_billion | GDP_USD_million |\n|---:|---|---|---|---|---:|---:|\n";

    private const string RegionsHead =
        "| Region | Year_From | Year_To | Top | Average_GDP_USD_billion | Sum_exact | Countries |\n|---|---|---|---:|---:|---:|---|\n";

    /// <inheritdoc />
    public string Name => "markdown";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(
        () => AnswerFiles.Load(
            input, cancellation,
            (CountriesFile, Table(CountriesHead, input.Report.Countries.Select(Country))),
            (RegionsFile, Table(RegionsHead, input.Report.Regions.Select(Region)))),
        cancellation);

    private static byte[] Table(string head, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder(head);
        foreach (var row in rows) text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string[] Country(CountryRow row) =>
    [
        Number(row.Rank), MarkdownText.Cell(row.Country), row.Code.ToString(), MarkdownText.Cell(row.Region ?? ""), Number(row.Year),
        row.Gdp.ToRoundedBillionText(), row.Gdp.ToMillionText(),
    ];

    private static string[] Region(RegionRow row) =>
    [
        MarkdownText.Cell(row.Region), Number(row.YearFrom), Number(row.YearTo), Number(row.Top), row.Average, row.SumExact,
        string.Join(", ", row.Members.Select(m => MarkdownText.Cell(m.Country))),
    ];

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
