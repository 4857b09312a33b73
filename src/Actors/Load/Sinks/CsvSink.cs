using System.Globalization;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>The country table and each region's top as RFC 4180 has tables. The bytes are a function of the report.</summary>
public sealed class CsvSink : ISink
{
    /// <summary>All countries, highest first.</summary>
    public const string CountriesFile = "Countries_by_GDP.csv";

    /// <summary>Each region's top economies and their average.</summary>
    public const string RegionsFile = "Region_Top.csv";

    /// <summary>Columns of the countries.</summary>
    public const string CountriesHeader = "Country,Code,Region,Year,GDP_USD_billion,GDP_USD_million,Rank";

    /// <summary>Columns of the regions: the members' names are parted by "; ", their codes by blanks.</summary>
    public const string RegionsHeader = "Region,Year_From,Year_To,Top,Average_GDP_USD_billion,Sum_exact,Countries,Codes";

    /// <inheritdoc />
    public string Name => "csv";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(
        () => AnswerFiles.Load(
            input, cancellation,
            (CountriesFile, CsvText.File(CountriesHeader, input.Report.Countries.Select(Country))),
            (RegionsFile, CsvText.File(RegionsHeader, input.Report.Regions.Select(Region)))),
        cancellation);

    private static string Country(CountryRow row) => CsvText.Line(
        CsvText.Text(row.Country), row.Code.ToString(), CsvText.Text(row.Region ?? ""), Number(row.Year), row.Gdp.ToRoundedBillionText(),
        row.Gdp.ToMillionText(), Number(row.Rank));

    private static string Region(RegionRow row) => CsvText.Line(
        CsvText.Text(row.Region), Number(row.YearFrom), Number(row.YearTo), Number(row.Top), row.Average, row.SumExact,
        CsvText.Text(string.Join("; ", row.Members.Select(m => m.Country))), string.Join(' ', row.Members.Select(m => m.Code)));

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
