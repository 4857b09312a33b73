using Etl.Domain.Countries;

namespace Etl.Domain.Tests.Countries;

/// <summary>The directory against the collected facts, which are no part of the project.</summary>
public sealed class FactsTests
{
    private static readonly CountryDirectory Directory = CountryDirectory.Default;

    [SkippableFact]
    public void Every_country_agrees()
    {
        var rows = Rows("facts/countries.csv");
        Assert.Equal(256, rows.Count);
        Assert.Equal(rows.Count, Directory.Countries.Count);
        Assert.All(rows, row =>
        {
            Assert.True(CountryCode.TryParse(row["alpha3"], out var code));
            var expected = new Country(
                code, Optional(row["alpha2"]), row["name"], Continent(row["continent"]), Optional(row["un_region"]),
                Optional(row["un_subregion"]), Optional(row["wb_region"]), Optional(row["wb_income_group"]));
            Assert.Equal(expected, Directory.Find(code));
        });
    }

    [SkippableFact]
    public void Every_alias_agrees()
    {
        var rows = Rows("facts/aliases.csv");
        Assert.Equal(385, rows.Count);
        Assert.All(rows, row => Assert.Equal(
            row["alpha3"], Assert.IsType<NameMatch.Known>(Directory.Resolve(row["name"])).Country.Code.ToString()));
    }

    [SkippableFact]
    public void Every_aggregate_agrees()
    {
        var rows = Rows("facts/aggregates.csv");
        Assert.Equal(81, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.Equal(row["name"].Trim(), Assert.IsType<NameMatch.Aggregate>(Directory.Resolve(row["name"])).Name);
            if (row["code"].Length > 0)
                Assert.Equal(Directory.Resolve(row["name"]), Directory.ResolveCode(row["code"]));
        });
    }

    private static string Continent(string code) => code switch
    {
        "AF" => "Africa",
        "AN" => "Antarctica",
        "AS" => "Asia",
        "EU" => "Europe",
        "NA" => "North America",
        "OC" => "Oceania",
        "SA" => "South America",
        _ => throw new ArgumentException(code),
    };

    private static string? Optional(string field) => field.Length == 0 ? null : field;

    /// <summary>These files quote fields that hold a comma and use no other part of the format.</summary>
    private static List<Dictionary<string, string>> Rows(string relative)
    {
        var lines = File.ReadAllLines(SharedData.Require(relative));
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Where(line => line.Length > 0).Select(line =>
            header.Zip(Fields(line)).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static IEnumerable<string> Fields(string line)
    {
        var field = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var character in line)
        {
            if (character == '"')
                quoted = !quoted;
            else if (character == ',' && !quoted)
            {
                yield return field.ToString();
                field.Clear();
            }
            else
                field.Append(character);
        }

        yield return field.ToString();
    }
}
