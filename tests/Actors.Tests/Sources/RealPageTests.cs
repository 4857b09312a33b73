using System.Globalization;
using System.Text;
using System.Text.Json;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Wikipedia;
using Etl.Domain.Extract;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Sources;

/// <summary>The saved pages of seven years, held against answers that two independent programs computed.</summary>
public sealed class RealPageTests
{
    private const string LastPage = "2025-12-30-2009-rev1330326028-http.html";

    [SkippableTheory]
    [InlineData("2018-09-26-rev861281423-browser-saved", "htm", "2018-09-26", 2017)]
    [InlineData("2021-06-30-rev1031213417-browser-saved", "html", "2021-06-30", null)]
    [InlineData("2023-08-20-rev1171401355-wayback20230902", "html", "2023-08-20", null)]
    [InlineData("2025-01-03-soup", "html", "2025-01-03", null)]
    [InlineData("2025-01-05-soup", "html", "2025-01-05", null)]
    [InlineData("2025-01-07-rev1267927482-http", "html", "2025-01-07", null)]
    [InlineData("2025-12-30-2009-rev1330326028-http", "html", "2025-12-30", 2025)]
    public void Every_row_of_the_imfs_column_is_read(string name, string extension, string date, int? headerYear)
    {
        var content = File.ReadAllBytes(SharedData.Path("wikipedia", $"{name}.{extension}"));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("expected", $"{name}.json")));
        var answer = expected.RootElement;

        var read = Read(content);

        Assert.True(WikipediaSource.Recognises(content.AsSpan(0, 2048), name));
        Assert.StartsWith(answer.GetProperty("column").GetString()!, read.Choice.Column, StringComparison.Ordinal);
        Assert.Equal((Unit.Million, headerYear, date), (read.Choice.Unit, read.Choice.HeaderYear, read.Choice.EditionDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Assert.Empty(read.Choice.Warnings.Items);
        Assert.Equal(answer.GetProperty("rows").GetInt32(), read.Rows.Length);

        var byName = read.Rows.ToDictionary(row => row.Name, StringComparer.Ordinal);
        foreach (var country in answer.GetProperty("gdp").EnumerateArray())
        {
            var row = byName[country.GetProperty("source_name").GetString()!];
            var millions = decimal.Parse(country.GetProperty("exact_billion").GetString()!, CultureInfo.InvariantCulture) * 1000;
            Assert.Equal(millions, Number(row.Value));
        }

        foreach (var aggregate in answer.GetProperty("aggregate_rows").EnumerateArray())
            Assert.True(Number(byName[aggregate.GetString()!].Value) > 50_000_000);
        var figures = answer.GetProperty("gdp").GetArrayLength() + answer.GetProperty("aggregate_rows").GetArrayLength();
        Assert.Equal(read.Rows.Length - figures, read.Rows.Count(row => row.Value is "—" or "N/A" or "77,460/Na"));
        Assert.Equal(answer.GetProperty("missing_imf").GetArrayLength(), read.Rows.Length - figures);
    }

    [SkippableTheory]
    [InlineData("2021-06-30-rev1031213417-browser-saved.html", "2021-06-30-rev1031213417-browser-saved.json")]
    [InlineData("2025-01-07-rev1267927482-http.html", "2025-01-07-rev1267927482-http.json")]
    public void Every_row_keeps_its_own_year(string page, string answers)
    {
        var read = Read(File.ReadAllBytes(SharedData.Path("wikipedia", page)));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("expected", answers)));

        var years = expected.RootElement.GetProperty("years").EnumerateObject().ToDictionary(year => year.Name, year => year.Value.GetInt32(), StringComparer.Ordinal);
        var seen = read.Rows.Where(row => row.Year.Length > 0).CountBy(row => row.Year).ToDictionary(StringComparer.Ordinal);
        Assert.Equal(years.OrderBy(year => year.Key), seen.OrderBy(year => year.Key));
    }

    [SkippableFact]
    public void Rows_tell_their_line_in_the_file()
    {
        var file = SharedData.Path("wikipedia", LastPage);
        var lines = File.ReadAllLines(file);

        foreach (var row in Read(File.ReadAllBytes(file)).Rows)
            Assert.StartsWith("<tr", lines[(int)row.Line!.Value - 1].Replace("</td></tr>", "", StringComparison.Ordinal).TrimStart(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(Publisher.Imf)]
    [InlineData(Publisher.WorldBank)]
    [InlineData(Publisher.UnitedNations)]
    public void The_bundled_edition_reads_like_the_page_its_figures_are_from(Publisher publisher)
    {
        var edition = BundledEdition.Open();
        var page = Read(File.ReadAllBytes(SharedData.Path("wikipedia", LastPage)), new TableRequest(publisher));
        var bundled = Read(edition.Content, new TableRequest(publisher));

        Assert.Equal(page.Rows.Select(row => (row.Name, row.Value, row.Year)), bundled.Rows.Select(row => (row.Name, row.Value, row.Year)));
        Assert.Equal(
            (page.Choice.Column, page.Choice.Unit, page.Choice.HeaderYear, page.Choice.EditionDate),
            (bundled.Choice.Column, bundled.Choice.Unit, bundled.Choice.HeaderYear, bundled.Choice.EditionDate));
    }

    [SkippableTheory]
    [InlineData("<title>List of countries by GDP (nominal)", "<title>List of countries by GDP (PPP)", "ppp")]
    [InlineData("<span class=\"mw-page-title-main\">List of countries by GDP (nominal)", "<span class=\"mw-page-title-main\">List of countries by GDP (PPP)", "ppp")]
    [InlineData("<title>List of countries by GDP (nominal)", "<title>List of countries by GDP (nominal) per capita", "per capita")]
    [InlineData("<caption>GDP forecast or estimate (million US$) by country", "<caption>GDP (PPP) (million international dollars) by country", "ppp")]
    [InlineData("<caption>GDP forecast or estimate (million US$) by country", "<caption>GDP per capita (US$) by country", "per capita")]
    [InlineData("title=\"International Monetary Fund\">IMF</a><br />(2025)", "title=\"International Monetary Fund\">IMF</a> PPP<br />(2025)", "ppp")]
    [InlineData("(million US$) by country", "(million €) by country", "€")]
    [InlineData("(million US$) by country", "by country", "unit is not determined")]
    public void A_page_changed_to_another_measure_or_unit_is_refused(string from, string to, string seen)
    {
        var text = File.ReadAllText(SharedData.Path("wikipedia", LastPage));
        var changed = text.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(text, changed);

        var refused = Assert.IsType<SourceReading.Refused>(WikipediaSource.Read(Encoding.UTF8.GetBytes(changed), new TableRequest()));

        Assert.Contains(seen, refused.Text, StringComparison.OrdinalIgnoreCase);
    }

    private static SourceReading.Read Read(ReadOnlyMemory<byte> content, TableRequest? request = null)
    {
        var reading = WikipediaSource.Read(content, request ?? new TableRequest());
        return reading as SourceReading.Read ?? throw new Xunit.Sdk.XunitException(((SourceReading.Refused)reading).Text);
    }

    private static decimal Number(string text)
    {
        var digits = text.Split('(')[0].Replace(",", "", StringComparison.Ordinal).Trim();
        return decimal.Parse(digits, CultureInfo.InvariantCulture);
    }
}
