using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Domain.Load;
using Etl.Host.Screen;

namespace Etl.Host.Data;

/// <summary>The answer as one JSON object, with the property names of the files.</summary>
internal static class JsonData
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Report report, TextWriter writer)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("countries");
            foreach (var country in report.Countries) WriteCountry(json, country);
            json.WriteEndArray();
            json.WriteStartArray("regions");
            foreach (var region in report.Regions) WriteRegion(json, region);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        writer.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void WriteCountry(Utf8JsonWriter json, CountryRow country)
    {
        json.WriteStartObject();
        json.WriteString("Country", country.Country);
        json.WriteString("Code", country.Code.ToString());
        json.WriteString("Region", country.Region);
        WriteYear(json, "Year", country.Year);
        // As text, digit by digit: a double would lose what an exact sum has won.
        json.WritePropertyName("GDP_USD_billion");
        json.WriteRawValue(Wording.Billions(country.Gdp));
        json.WritePropertyName("GDP_USD_million");
        json.WriteRawValue(country.Gdp.ToMillionText());
        json.WriteNumber("Rank", country.Rank);
        json.WriteEndObject();
    }

    private static void WriteRegion(Utf8JsonWriter json, RegionRow region)
    {
        json.WriteStartObject();
        json.WriteString("Region", region.Region);
        WriteYear(json, "Year_From", region.YearFrom);
        WriteYear(json, "Year_To", region.YearTo);
        json.WriteNumber("Top", region.Top);
        json.WritePropertyName("Average_GDP_USD_billion");
        json.WriteRawValue(region.Average);
        json.WriteString("Sum_exact", region.SumExact);
        json.WriteStartArray("Countries");
        foreach (var member in region.Members)
        {
            json.WriteStartObject();
            json.WriteString("Country", member.Country);
            json.WriteString("Code", member.Code.ToString());
            WriteYear(json, "Year", member.Year);
            json.WritePropertyName("GDP_USD_billion");
            json.WriteRawValue(Wording.Billions(member.Gdp));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteYear(Utf8JsonWriter json, string name, int? year)
    {
        if (year is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }
}
