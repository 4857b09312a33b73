using System.Text;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Wikipedia;
using Etl.Domain.Extract;

namespace Etl.Actors.Tests.Sources;

/// <summary>What of a cell, a table and a page is seen.</summary>
public sealed class PageTextTests
{
    [Theory]
    [InlineData("<span style='display:none' class='sortkey'>7001400♠</span>1,400", "1,400")]
    [InlineData("<span style='DISPLAY : none'>7</span>1,400", "1,400")]
    [InlineData("<span style='color:red; visibility: hidden'>7</span>1,400", "1,400")]
    [InlineData("<span class='a sortkey b'>7</span>1,400", "1,400")]
    [InlineData("<sup>[1]</sup>1,400<sup class='reference'><a href='#'>&#91;n 2&#93;</a></sup>", "1,400")]
    [InlineData("<span aria-hidden='true'>—</span><style>.x{}</style><link rel='x'><span class='sr-only'>N/a</span>", "—")]
    [InlineData("<script>document.write('9')</script>&nbsp;1,400\n", "1,400")]
    [InlineData("1,400<br>(2024)", "1,400 (2024)")]
    [InlineData("<div>1,400</div><div>(2024)</div>", "1,400 (2024)")]
    [InlineData("<b>1</b>,<i>400</i>", "1,400")]
    [InlineData("1,400<table><tr><td>9</table>", "1,400")]
    [InlineData("<!-- 9 -->1,400", "1,400")]
    public void A_cell_holds_what_is_seen(string markup, string expected) =>
        Assert.Equal(expected, Read(Page($"<tr><td>Peru<td>{markup}</td></tr><tr><td>Fiji<td>5,000")).Rows[0].Value);

    [Theory]
    [InlineData("<span class='flagicon'><img alt='Flag'>&#160;</span><a href='x'>Côte&nbsp;d'Ivoire</a><a><sup>†</sup></a>&nbsp;", "Côte d'Ivoire")]
    [InlineData("<sup>[n 1]</sup> Macau, China [n 2]", "Macau, China")]
    [InlineData("Korea,<br/>South", "Korea, South")]
    public void A_name_holds_no_flag_and_no_footnote(string markup, string expected) =>
        Assert.Equal(expected, Assert.Single(Read(Page($"<tr><td>{markup}<td>1,400")).Rows).Name);

    [Fact]
    public void Rows_of_inner_tables_and_hidden_cells_do_not_leak()
    {
        var read = Read(Page("<tr><td style='display:none'>key</td><td>Peru<table><tr><td>Lima<td>5</table></td><td>1,400</td></tr><tr><td>Fiji<td>6</tr>"));

        Assert.Equal([("Peru", "1,400"), ("Fiji", "6")], read.Rows.Select(row => (row.Name, row.Value)));
    }

    [Theory]
    [InlineData("<meta name='date' content='2024-03-01'>", "")]
    [InlineData("<script type='application/ld+json'>{\"dateModified\" : \"2024-03-01T09:00:00Z\"}</script>", "")]
    [InlineData("<meta property='article:modified_time' content='2024-03-01T00:00'>", "")]
    [InlineData("", "<li> This page was last edited on 1 March 2024, at 09:55<span>&nbsp;(UTC)</span>.</li>")]
    [InlineData("", "<li>This page was last modified on March 1, 2024.</li>")]
    public void The_page_tells_its_date(string head, string foot)
    {
        Assert.Equal(new DateOnly(2024, 3, 1), Read(Page("<tr><td>Peru<td>1", head, foot)).Choice.EditionDate);
        Assert.Null(Read(Page("<tr><td>Peru<td>1")).Choice.EditionDate);
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public void Unicode_encodings_are_found_with_and_without_a_mark(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] content = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Page("<tr><td>Türkiye<td>1,400"))];

        Assert.True(WikipediaSource.Recognises(content.AsSpan(0, 150), "page"));
        Assert.Equal("Türkiye", Assert.Single(Read(content).Rows).Name);
    }

    [Theory]
    [InlineData("<meta charset=\"windows-1252\">")]
    [InlineData("<meta http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'>")]
    [InlineData("")]
    public void Western_encodings_are_declared_or_guessed(string head) =>
        Assert.Equal("Türkiye", Assert.Single(Read(Encoding.Latin1.GetBytes(Page("<tr><td>Türkiye<td>1,400", head))).Rows).Name);

    [Theory]
    [InlineData("%PDF-1.7 ...", "PDF")]
    [InlineData("PK\u0003\u0004...", "ZIP")]
    [InlineData("", "empty")]
    [InlineData("  \r\n ", "empty")]
    [InlineData("\u0001\0\u0002\u0003abc\0\0\0x", "binary")]
    [InlineData("{\"a\": 1}", "JSON")]
    [InlineData("Country,GDP\nPeru,1", "plain text")]
    [InlineData("<html><body><p>No figures here</p></body></html>", "without a table")]
    public void What_is_no_page_is_named(string content, string seen)
    {
        var refused = Assert.IsType<SourceReading.Refused>(WikipediaSource.Read(Encoding.Latin1.GetBytes(content), new TableRequest()));

        Assert.Contains(seen, refused.Text, StringComparison.Ordinal);
        Assert.Null(refused.Reason);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>", "download", true)]
    [InlineData("\n <HTML lang=en>", "-", true)]
    [InlineData("%PDF", "page.HTML", true)]
    [InlineData("Country,GDP", "gdp.csv", false)]
    [InlineData("{\"a\": \"<html>\"}", "gdp.json", false)]
    [InlineData("<?xml version='1.0'?><Root><data/>", "gdp.xml", false)]
    public void Pages_are_recognised(string head, string fileName, bool expected) =>
        Assert.Equal(expected, WikipediaSource.Recognises(Encoding.UTF8.GetBytes(head), fileName));

    [Fact]
    public void The_bundled_edition_names_source_and_licence()
    {
        var edition = BundledEdition.Open();
        var read = Read(edition.Content);
        var text = Encoding.UTF8.GetString(edition.Content.Span);

        Assert.Equal((222, edition.Date), (read.Rows.Length, read.Choice.EditionDate));
        Assert.Empty(read.Choice.Warnings.Items);
        Assert.All(["1330326028", "CC BY-SA 4.0", "List of countries by GDP (nominal)"], mark => Assert.Contains(mark, text, StringComparison.Ordinal));
    }

    private static string Page(string rows, string head = "", string foot = "") =>
        $"<!DOCTYPE html><html><head>{head}<title>GDP</title></head><body><table><caption>GDP (million US$)</caption><tr><th>Country<th>IMF (2025)</tr>{rows}</table>{foot}</body></html>";

    private static SourceReading.Read Read(string page) => Read(Encoding.UTF8.GetBytes(page));

    private static SourceReading.Read Read(ReadOnlyMemory<byte> content)
    {
        var reading = WikipediaSource.Read(content, new TableRequest());
        return reading as SourceReading.Read ?? throw new Xunit.Sdk.XunitException(((SourceReading.Refused)reading).Text);
    }
}
