using System.Globalization;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Seven years of real pages through the whole program, held against answers that two independent programs computed.</summary>
public sealed class SavedPageTests
{
    internal static readonly Dictionary<string, string> Continents = new()
    {
        ["AF"] = "Africa",
        ["AS"] = "Asia",
        ["EU"] = "Europe",
        ["NA"] = "North America",
        ["OC"] = "Oceania",
        ["SA"] = "South America",
    };

    public static TheoryData<string> Pages { get; } =
    [
        "2018-09-26-rev861281423-browser-saved.htm", "2021-06-30-rev1031213417-browser-saved.html",
        "2023-08-20-rev1171401355-wayback20230902.html", "2025-01-03-soup.html", "2025-01-05-soup.html", SharedData.GoldenPage,
        "2025-12-30-2009-rev1330326028-http.html",
    ];

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public async Task Every_country_has_its_exact_value_and_continent(string page)
    {
        using var workspace = new Workspace();
        var expected = Expected(page);

        var run = (await workspace.RunAsync(SharedData.Page(page), "--format", "json")).ExitsWith(0);

        var screen = JsonDocument.Parse(run.Out).RootElement;
        AssertCountries(expected, screen.GetProperty("countries"), c => Continents[c.GetProperty("continent").GetString()!]);
        AssertCountries(expected, workspace.Json("Countries_by_GDP.json"), c => Continents[c.GetProperty("continent").GetString()!]);
        AssertRegions(expected, "continent", screen.GetProperty("regions"));
        AssertRegions(expected, "continent", workspace.Json("Region_Top.json"));
        AssertStory(expected, workspace.Json("run.json"));
    }

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public async Task The_regions_of_the_united_nations_are_another_answer_to_the_same_page(string page)
    {
        using var workspace = new Workspace();
        var expected = Expected(page);

        var run = (await workspace.RunAsync(SharedData.Page(page), "--format", "json", "--regions", "un-region")).ExitsWith(0);

        AssertCountries(expected, JsonDocument.Parse(run.Out).RootElement.GetProperty("countries"), c => c.GetProperty("un_region").GetString()!);
        AssertRegions(expected, "un_region", workspace.Json("Region_Top.json"));
        AssertStory(expected, workspace.Json("run.json"));
    }

    private static JsonElement Expected(string page) =>
        JsonDocument.Parse(File.ReadAllBytes(SharedData.In("expected", Path.ChangeExtension(page, ".json")))).RootElement;

    internal static void AssertCountries(JsonElement expected, JsonElement actual, Func<JsonElement, string> regionOf)
    {
        var wanted = expected.GetProperty("gdp").EnumerateArray().Select(c =>
            $"{c.GetProperty("alpha3")} {Exact(c)} {c.GetProperty("gdp_billion_half_even").GetString()} {regionOf(c)}");
        var got = actual.EnumerateArray().Select(c =>
            $"{c.GetProperty("Code")} {(c.GetProperty("GDP_USD_million").GetDecimal() / 1000).ToString("0.############", CultureInfo.InvariantCulture)} {c.GetProperty("GDP_USD_billion").GetRawText()} {c.GetProperty("Region")}");
        Assert.Equal(wanted.Order(StringComparer.Ordinal), got.Order(StringComparer.Ordinal));
        var values = actual.EnumerateArray().Select(c => c.GetProperty("GDP_USD_million").GetDecimal()).ToArray();
        Assert.Equal(values.OrderDescending(), values);
        Assert.Equal(expected.GetProperty("over_100b").GetInt32(), actual.EnumerateArray().Count(c => c.GetProperty("GDP_USD_billion").GetDecimal() >= 100m));
    }

    private static string Exact(JsonElement country) => decimal.Parse(country.GetProperty("exact_billion").GetString()!, CultureInfo.InvariantCulture)
        .ToString("0.############", CultureInfo.InvariantCulture);

    internal static void AssertRegions(JsonElement expected, string scheme, JsonElement actual)
    {
        var wanted = expected.GetProperty("top5_average").GetProperty(scheme).EnumerateObject().Select(r =>
            $"{Continents.GetValueOrDefault(r.Name, r.Name)} {r.Value.GetProperty("avg_half_even").GetString()} {string.Join(' ', r.Value.GetProperty("top5").EnumerateArray())}");
        var got = actual.EnumerateArray().Select(r =>
            $"{r.GetProperty("Region")} {r.GetProperty("Average_GDP_USD_billion").GetRawText()} {string.Join(' ', r.GetProperty("Countries").EnumerateArray().Select(c => c.GetProperty("Code")))}");
        Assert.Equal(wanted.Order(StringComparer.Ordinal), got);
    }

    private static void AssertStory(JsonElement expected, JsonElement story)
    {
        Assert.Equal(
            expected.GetProperty("missing_imf").EnumerateArray().Select(c => c.GetString()).Order(StringComparer.Ordinal),
            story.GetProperty("missing_countries").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(
            (expected.GetProperty("rows").GetInt32(), expected.GetProperty("countries").GetInt32(), expected.GetProperty("missing_imf").GetArrayLength(), expected.GetProperty("aggregate_rows").GetArrayLength(), 0),
            (Count("read"), Count("counted"), Count("missing"), Count("aggregates"), Count("quarantined")));

        int Count(string name) => story.GetProperty(name).GetInt32();
    }
}
