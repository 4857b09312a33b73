using System.Text.Json;
using Etl.Domain;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>The country table and each region's top as JSON files. The bytes are a function of the report.</summary>
public sealed class JsonSink : ISink
{
    /// <summary>All countries, highest first.</summary>
    public const string CountriesFile = "Countries_by_GDP.json";

    /// <summary>Each region's top economies and their average.</summary>
    public const string RegionsFile = "Region_Top.json";

    /// <inheritdoc />
    public string Name => "json";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(
        () => AnswerFiles.Load(
            input, cancellation,
            (CountriesFile, JsonText.Document(json => Countries(json, input.Report.Countries))),
            (RegionsFile, JsonText.Document(json => Regions(json, input.Report.Regions)))),
        cancellation);

    /// <summary>A region's members, highest first, as they also stand in the database.</summary>
    internal static void Members(Utf8JsonWriter json, EquatableArray<CountryRow> members)
    {
        json.WriteStartArray();
        foreach (var member in members)
        {
            json.WriteStartObject();
            json.WriteString("Country", member.Country);
            json.WriteString("Code", member.Code.ToString());
            json.WriteNumberOrNull("Year", member.Year);
            json.WriteDigits("GDP_USD_billion", member.Gdp.ToRoundedBillionText());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>All countries, as the file has them.</summary>
    internal static void Countries(Utf8JsonWriter json, EquatableArray<CountryRow> countries)
    {
        json.WriteStartArray();
        foreach (var row in countries) Country(json, row);
        json.WriteEndArray();
    }

    /// <summary>A country.</summary>
    internal static void Country(Utf8JsonWriter json, CountryRow row)
    {
        json.WriteStartObject();
        json.WriteString("Country", row.Country);
        json.WriteString("Code", row.Code.ToString());
        json.WriteString("Region", row.Region);
        json.WriteNumberOrNull("Year", row.Year);
        json.WriteDigits("GDP_USD_billion", row.Gdp.ToRoundedBillionText());
        json.WriteDigits("GDP_USD_million", row.Gdp.ToMillionText());
        json.WriteNumber("Rank", row.Rank);
        json.WriteEndObject();
    }

    /// <summary>All regions, as the file has them.</summary>
    internal static void Regions(Utf8JsonWriter json, EquatableArray<RegionRow> regions)
    {
        json.WriteStartArray();
        foreach (var region in regions) Region(json, region);
        json.WriteEndArray();
    }

    /// <summary>A region.</summary>
    internal static void Region(Utf8JsonWriter json, RegionRow region)
    {
        json.WriteStartObject();
        json.WriteString("Region", region.Region);
        json.WriteNumberOrNull("Year_From", region.YearFrom);
        json.WriteNumberOrNull("Year_To", region.YearTo);
        json.WriteNumber("Top", region.Top);
        json.WriteDigits("Average_GDP_USD_billion", region.Average);
        json.WriteString("Sum_exact", region.SumExact);
        json.WritePropertyName("Countries");
        Members(json, region.Members);
        json.WriteEndObject();
    }
}
