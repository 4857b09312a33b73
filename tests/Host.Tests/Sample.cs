using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Host.Tests;

/// <summary>A finished run of the bundled edition, built by hand: its economies from 100 billion up and each region's five largest.</summary>
public static class Sample
{
    // IMF column of the page of 2025-12-30: code, name, region, billions.
    private const string Rows =
        """
        USA|United States|North America|30615.743
        CHN|China|Asia|19398.577
        DEU|Germany|Europe|5013.574
        JPN|Japan|Asia|4279.828
        IND|India|Asia|4125.213
        GBR|United Kingdom|Europe|3958.78
        FRA|France|Europe|3361.557
        ITA|Italy|Europe|2543.677
        RUS|Russia|Europe|2540.656
        CAN|Canada|North America|2283.599
        BRA|Brazil|South America|2256.91
        ESP|Spain|Europe|1891.371
        MEX|Mexico|North America|1862.74
        KOR|South Korea|Asia|1858.572
        AUS|Australia|Oceania|1829.508
        TUR|Türkiye|Asia|1565.471
        IDN|Indonesia|Asia|1443.256
        NLD|Netherlands|Europe|1320.635
        SAU|Saudi Arabia|Asia|1268.535
        POL|Poland|Europe|1039.619
        CHE|Switzerland|Europe|1002.666
        TWN|Taiwan|Asia|884.387
        BEL|Belgium|Europe|716.98
        IRL|Ireland|Europe|708.771
        ARG|Argentina|South America|683.371
        SWE|Sweden|Europe|662.318
        ISR|Israel|Asia|610.752
        SGP|Singapore|Asia|574.185
        ARE|United Arab Emirates|Asia|569.097
        AUT|Austria|Europe|566.456
        THA|Thailand|Asia|558.573
        NOR|Norway|Europe|517.102
        PHL|Philippines|Asia|494.158
        VNM|Vietnam|Asia|484.726
        BGD|Bangladesh|Asia|475.011
        MYS|Malaysia|Asia|470.572
        DNK|Denmark|Europe|459.612
        COL|Colombia|South America|438.121
        HKG|Hong Kong|Asia|428.233
        ZAF|South Africa|Africa|426.383
        ROU|Romania|Europe|422.508
        PAK|Pakistan|Asia|410.495
        CZE|Czechia|Europe|383.384
        IRN|Iran|Asia|356.513
        EGY|Egypt|Africa|349.264
        CHL|Chile|South America|347.174
        PRT|Portugal|Europe|337.936
        PER|Peru|South America|318.48
        FIN|Finland|Europe|314.724
        KAZ|Kazakhstan|Asia|300.052
        DZA|Algeria|Africa|288.013
        NGA|Nigeria|Africa|285.003
        GRC|Greece|Europe|282.019
        IRQ|Iraq|Asia|265.455
        NZL|New Zealand|Oceania|262.909
        HUN|Hungary|Europe|247.759
        QAT|Qatar|Asia|222.119
        UKR|Ukraine|Europe|209.713
        MAR|Morocco|Africa|179.612
        KWT|Kuwait|Asia|157.469
        SVK|Slovakia|Europe|154.587
        UZB|Uzbekistan|Asia|137.48
        KEN|Kenya|Africa|136.014
        ECU|Ecuador|South America|130.529
        DOM|Dominican Republic|North America|129.748
        BGR|Bulgaria|Europe|127.924
        PRI|Puerto Rico|North America|126.546
        GTM|Guatemala|North America|120.85
        AGO|Angola|Africa|115.167
        GHA|Ghana|Africa|111.963
        ETH|Ethiopia|Africa|109.492
        OMN|Oman|Asia|105.19
        HRV|Croatia|Europe|103.901
        CRI|Costa Rica|North America|102.637
        LUX|Luxembourg|Europe|100.642
        SRB|Serbia|Europe|100.048
        PNG|Papua New Guinea|Oceania|32.714
        FJI|Fiji|Oceania|6.336
        SLB|Solomon Islands|Oceania|1.904
        """;

    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What the source says it chose.</summary>
    public static SourceChoice Choice { get; } = new(
        "List of countries by GDP (nominal)", "GDP (million US$) by country", "IMF (2025)", Unit.Million, 2025, "2025 (4 rows: 2024)",
        new DateOnly(2025, 12, 30), []);

    /// <summary>The job's spec, with the options of the command line.</summary>
    public static JobSpec Spec(AnswerOptions? options = null) =>
        new("wikipedia", [new("bundled", new string('a', 64), 383585)], options ?? AnswerOptions.Default, "d", 64, "0.1.0");

    /// <summary>The figures as country rows, highest first.</summary>
    public static EquatableArray<CountryRow> Countries { get; } = Rows
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select((row, index) => row.Split('|') is [var code, var name, var region, var billions]
            ? Country(name, code, region, decimal.Parse(billions, CultureInfo.InvariantCulture), index + 1)
            : throw new FormatException(row))
        .ToEquatableArray();

    /// <summary>One row.</summary>
    public static CountryRow Country(string name, string code, string? region, decimal billions, int rank = 1, int? year = 2025) =>
        new(name, CountryCode.TryParse(code, out var parsed) ? parsed : throw new FormatException(code), region, year, Billions(billions), rank);

    /// <summary>Exact money.</summary>
    public static Money Billions(decimal billions) => new((Int128)(billions * 1_000_000_000m) * 1_000_000_000_000);

    /// <summary>The regions of rows, by name.</summary>
    public static EquatableArray<RegionRow> Regions(IEnumerable<CountryRow> countries, int top = 5, int? group = null) => countries
        .Where(c => c.Region is not null).GroupBy(c => c.Region!).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g =>
        {
            var members = g.Take(top).ToEquatableArray();
            var sum = members.Aggregate(default(Money), (total, member) => total + member.Gdp);
            var average = decimal.Round(members.Average(m => (decimal)m.Gdp.Pico / 1e21m), 2, MidpointRounding.ToEven);
            return new RegionRow(g.Key, 2025, 2025, top, average.ToString("0.00", CultureInfo.InvariantCulture), sum, group, members);
        })
        .ToEquatableArray();

    /// <summary>A report of rows; the counts are those of the page.</summary>
    public static Report Report(
        EquatableArray<CountryRow>? countries = null, AnswerOptions? options = null, EquatableArray<string> warnings = default) => new(
        Spec(options), [Choice], countries ?? Countries, Regions(countries ?? Countries, (options ?? AnswerOptions.Default).Top),
        new CountEquation(222, 194, 0, 27, 1, 0, 194, 0),
        Enumerable.Range(0, 27).Select(i => $"X{(char)('A' + i / 26)}{(char)('A' + i % 26)}").ToEquatableArray(), [], [], warnings);

    /// <summary>What happened on the way.</summary>
    public static RunFacts Facts { get; } = new(
        new(Guid.Empty), new(Guid.Empty), "0.1.0", 4, 0, [], 0, 0, 1, Noon, Noon, Noon, 0.84, 383585, []);

    /// <summary>A run that went well.</summary>
    public static RunOutcome Outcome(Report? report = null, RunFacts? facts = null) => new(
        0, null, report ?? Report(), facts ?? Facts,
        [File("Countries_by_GDP.json"), File("Region_Top.json"), File("World_Economies.db"), File("quarantine.jsonl"), File("run.json")],
        "76 economies, 6 averages", 6, 2, TimeSpan.FromSeconds(0.84));

    private static LoadedFile File(string name) => new(name, 1, new string('0', 64));
}
