using System.Text;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Inputs that are no page of GDP: an answer in seconds, in little memory, and earlier results stay.</summary>
public sealed class BadInputTests(Settled settled) : IClassFixture<Settled>
{
    private const string PageOf2025 = "2025-12-30-2009-rev1330326028-http.html";

    private Workspace Workspace => settled.Workspace;

    [Fact]
    public Task A_file_that_is_not_there_is_bad_usage() =>
        settled.RefusesAsync(2, ["there is no file", "absent.html"], "run", Workspace.In("absent.html"), "--out", Workspace.Out);

    [Fact]
    public Task A_directory_is_no_page() =>
        settled.RefusesAsync(2, ["directory"], "run", Workspace.Root, "--out", Workspace.Out);

    [Fact]
    public Task An_empty_file_is_called_empty() => RefusedAsync("empty.html", [], "empty file");

    [Fact]
    public Task A_page_without_a_table_is_refused() =>
        RefusedAsync("plain.html", Utf8("<!DOCTYPE html><title>List</title><p>No table here.</p>"), "without a table");

    [Fact]
    public Task A_page_with_another_table_is_refused() =>
        RefusedAsync("other.html", Utf8("<table><tr><th>Name</th><th>Shoe size</th></tr><tr><td>Ann</td><td>38</td></tr></table>"), "table of countries with GDP", "Shoe size");

    [Fact]
    public Task A_pdf_is_refused() =>
        RefusedAsync("page.pdf", [.. "%PDF-1.7\n"u8, .. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7919 >> 3))], "page.pdf", "HTML page");

    [Fact]
    public Task A_pdf_that_is_called_a_page_is_refused() =>
        RefusedAsync("pdf.html", [.. "%PDF-1.7\n"u8, .. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7919 >> 3))], "pdf.html", "HTML page");

    [Fact]
    public Task Utf_16_text_without_a_table_is_refused() =>
        RefusedAsync("text.html", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("GDP of countries, without any table: 유럽 أوروبا")], "without a table");

    [Fact]
    public Task A_hundred_thousand_nested_elements_are_survived() =>
        RefusedAsync("divs.html", Utf8(Repeat("<div>", 100_000)), "divs.html");

    [Fact]
    public Task Twenty_thousand_nested_tables_are_survived() =>
        RefusedAsync("tables.html", Utf8(Repeat("<table><tr><td>", 20_000)), "nested");

    [Fact]
    public async Task A_file_of_300_megabytes_is_not_read()
    {
        var file = Workspace.In("huge.html");
        await using (var stream = File.Create(file))
        {
            var chunk = Utf8(Repeat("<td>", 262_144));
            for (var i = 0; i < 300; i++) stream.Write(chunk);
        }

        await settled.RefusesAsync(1, ["314,572,800 bytes"], "run", file, "--out", Workspace.Out);
        File.Delete(file);
    }

    [Fact]
    public Task A_file_just_below_the_limit_of_size_is_survived() =>
        RefusedAsync("large.html", Utf8(Repeat("<td>", 4_000_000)), "large.html");

    [SkippableTheory]
    [InlineData("ppp", "List of countries by GDP (nominal)", "List of countries by GDP (PPP)", "(million US$) by country", "(PPP, million international dollars) by country")]
    [InlineData("per capita", "List of countries by GDP (nominal)", "List of countries by GDP (nominal) per capita", "(million US$) by country", "per capita (US$) by country")]
    public Task A_page_of_another_measure_is_refused_by_its_name(string measure, string title, string otherTitle, string caption, string otherCaption)
    {
        var page = File.ReadAllText(SharedData.Page(PageOf2025));
        var changed = page.Replace(title, otherTitle, StringComparison.Ordinal).Replace(caption, otherCaption, StringComparison.Ordinal)
            .Replace(">IMF</a>", measure == "ppp" ? ">IMF</a> PPP" : ">IMF</a> per capita", StringComparison.Ordinal);
        Assert.NotEqual(page, changed);
        return RefusedAsync($"{measure.Replace(' ', '-')}.html", Utf8(changed), measure);
    }

    [Fact]
    public Task A_scheme_of_regions_that_does_not_exist_is_bad_usage() =>
        settled.RefusesAsync(2, ["--regions", "nonsense", "continent"], "run", "--regions", "nonsense", "--out", Workspace.Out);

    [Fact]
    public Task A_region_file_that_names_no_country_is_bad_usage() => settled.RefusesAsync(2, ["--regions", "Atlantis"],
        "run", "--regions", Workspace.Write("regions.csv", "country,region\nAtlantis,Deep\n"), "--out", Workspace.Out);

    [Theory]
    [InlineData("etl.map.max-attempts=many", "etl.map.max-attempts")]
    [InlineData("etl.fault=nowhere:1", "etl.fault")]
    public Task A_setting_that_makes_no_sense_is_bad_usage(string setting, string named) =>
        settled.RefusesAsync(2, [named], "run", Workspace.In("settled.html"), "--out", Workspace.Out, "--set", setting);

    [SkippableFact]
    public async Task A_real_page_in_utf_16_gives_the_same_answer()
    {
        var page = SharedData.Page(PageOf2025);
        using var plain = new Workspace();
        using var recoded = new Workspace();
        var text = (await File.ReadAllTextAsync(page)).Replace("charset=\"UTF-8\"", "charset=\"UTF-16\"", StringComparison.Ordinal);

        (await plain.RunAsync(page)).ExitsWith(0);
        (await recoded.RunAsync(recoded.Write("recoded.html", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]))).ExitsWith(0);

        Assert.Equal(plain.AnswerHashes(), recoded.AnswerHashes());
    }

    private Task<EtlResult> RefusedAsync(string name, byte[] content, params string[] words) =>
        settled.RefusesAsync(1, words, "run", Workspace.Write(name, content), "--out", Workspace.Out, "--format", "json");

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
