using Etl.Actors.Load.Sinks;
using Etl.Actors.Load.Sinks.Html;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Sinks;

/// <summary>The page's markup. How it behaves and looks is for a browser to say.</summary>
public sealed class HtmlSinkTests
{
    [Fact]
    public void A_value_is_text_wherever_it_stands_and_markup_stays_markup()
    {
        var inner = Markup.Of($"<b>{"<i>&\"'"}</b>");

        Assert.Equal("<b>&lt;i&gt;&amp;&quot;&#x27;</b>", inner.ToString());
        Assert.Equal("<p title=\"&quot;&gt;\"><b>&lt;i&gt;&amp;&quot;&#x27;</b>7</p>", Markup.Of($"<p title=\"{"\">"}\">{inner}{7}</p>").ToString());
        Assert.Equal("서울 é", Markup.Of($"{"서울 é"}").ToString());
        Assert.Equal("<b></b>", Markup.Of($"<b>{(string?)null}{Markup.None}</b>").ToString());
    }

    [Fact]
    public async Task Everything_of_the_report_is_on_the_page()
    {
        Rejection[] rejections = [new(new Place(0, 7), 123, "Country", "Atlantis <b>", "unknown country"), new(new Place(0, 8), null, "IMF", "\uD800\0", "not a number")];
        var page = await PageAsync(Samples.Report(Samples.World, rejections: rejections, label: "/home/somebody/page.html"));

        Assert.StartsWith("<!doctype html>\n<html lang=\"en\">\n", page, StringComparison.Ordinal);
        Assert.Contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;;", page, StringComparison.Ordinal);
        Assert.Contains("<title>GDP by country, edition of 2025-12-30</title>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>5 economies</strong> of 7 at or above 100 billion USD", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>The &quot;Other&quot; &lt;/script&gt; &amp; co</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">15218.58</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n wide\">99995.000001</td>", page, StringComparison.Ordinal);
        Assert.Contains("12 read = 7 counted + 0 superseded + 2 missing + 1 aggregates + 2 quarantined", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("<bdi>Atlantis &lt;b&gt;</bdi></td><td>unknown country</td>", page, StringComparison.Ordinal);
        Assert.Contains("the sum is 3 % above &quot;World&quot;", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>Cuba</bdi>, <bdi>North Korea</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>Kosovo</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Input</dt><dd><bdi>page.html</bdi></dd>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", page, StringComparison.Ordinal);
        foreach (var foreign in new[] { "<script", "http://", "https://", "url(", "@import", " src=", " href=", "\0" })
            Assert.DoesNotContain(foreign, page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Of_several_years_the_newest_is_shown_and_the_others_fold_up()
    {
        var rows = new[] { 2024, 2025, 2023 }.Order().SelectMany(year => Samples.World.Take(3).Select(r => r with { Year = year }));
        var page = await PageAsync(Samples.Report([.. rows], new YearRule.All()));

        Assert.Contains("<h1>GDP by country in 2025</h1>", page, StringComparison.Ordinal);
        Assert.Equal(["2024", "2023"], System.Text.RegularExpressions.Regex.Matches(page, "<details><summary>(\\d+):").Select(m => m.Groups[1].Value));
        var ids = System.Text.RegularExpressions.Regex.Matches(page, " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task Many_rows_set_aside_are_counted_and_the_first_are_shown()
    {
        var rejections = Enumerable.Range(0, 150).Select(i => new Rejection(new Place(0, i), i, "Country", $"row-{i}-", "unknown country"));
        var page = await PageAsync(Samples.Report(Samples.World, rejections: rejections));

        Assert.Contains("The first 100 of 150 rows set aside", page, StringComparison.Ordinal);
        Assert.Contains("row-99-", page, StringComparison.Ordinal);
        Assert.DoesNotContain("row-100-", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_country_with_a_region_is_a_page_too()
    {
        var page = await PageAsync(Samples.Report([Samples.World[6]]));
        Assert.Contains("No country has a region.", page, StringComparison.Ordinal);
        Assert.Contains("<strong>0 economies</strong> of 1", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 10, "0")]
    [InlineData(-3, 10, "0")]
    [InlineData(10, 10, "100")]
    [InlineData(1, 3, "33.33")]
    [InlineData(1, 1000000, "0.3")]
    public void A_bar_is_a_share_of_the_longest_and_never_too_short_to_be_seen(int value, int longest, string share) =>
        Assert.Equal(share, Say.Share(value, longest));

    private static async Task<string> PageAsync(Report report)
    {
        using var directory = new TempDirectory();
        await new HtmlSink().LoadAsync(Samples.Input(report, directory), default);
        return File.ReadAllText(directory.File(HtmlSink.FileName));
    }
}
