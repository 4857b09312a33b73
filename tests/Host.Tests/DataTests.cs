using System.Text.Json;
using Etl.Domain;
using Etl.Domain.Load;
using Etl.Host.Data;

namespace Etl.Host.Tests;

/// <summary>Data alone on stdout, for programs.</summary>
public sealed class DataTests
{
    private static readonly string[] CountryProperties = ["Country", "Code", "Region", "Year", "GDP_USD_billion", "GDP_USD_million", "Rank"];

    [Fact]
    public async Task Json_has_the_properties_of_the_files()
    {
        var cli = await Cli.RunAsync(new(), "run", "--format", "json");
        using var json = JsonDocument.Parse(cli.Out);
        var country = json.RootElement.GetProperty("countries")[0];
        Assert.Equal(CountryProperties, country.EnumerateObject().Select(p => p.Name));
        Assert.Equal("30615.74", country.GetProperty("GDP_USD_billion").GetRawText());
        Assert.Equal("30615743", country.GetProperty("GDP_USD_million").GetRawText());
        var region = json.RootElement.GetProperty("regions")[0];
        Assert.Equal(
            ["Region", "Year_From", "Year_To", "Top", "Average_GDP_USD_billion", "Sum_exact", "Countries"],
            region.EnumerateObject().Select(p => p.Name));
        Assert.Equal("305.66", region.GetProperty("Average_GDP_USD_billion").GetRawText());
        Assert.Equal(["Country", "Code", "Year", "GDP_USD_billion"], region.GetProperty("Countries")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(79, json.RootElement.GetProperty("countries").GetArrayLength());
        Assert.Contains("Türkiye", cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("md")]
    public async Task No_control_character_gets_out(string format)
    {
        var report = Sample.Report(new[] { Sample.Country("a\u001b[2J\u009b1m\u0007", "AAA", "b\u0000\u0085", 1m) }.ToEquatableArray());
        var cli = await Cli.RunAsync(new() { Run = (_, _) => Task.FromResult(Sample.Outcome(report)) }, "run", "--format", format);
        Assert.DoesNotContain(cli.Out, c => char.IsControl(c) && c is not ('\n' or '\r'));
    }

    [Fact]
    public async Task Everything_else_is_on_stderr()
    {
        var cli = await Cli.RunAsync(new(), "run", "--format", "csv");
        Assert.Contains("222 read = 194 counted", cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("TOP-5", cli.Error, StringComparison.Ordinal);
        Assert.StartsWith("Country,Code,Region,Year,GDP_USD_billion,GDP_USD_million,Rank\r\nUnited States,USA,North America,2025,30615.74,30615743,1\r\n",
            cli.Out, StringComparison.Ordinal);
        Assert.Equal(80, cli.Out.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("table", false)]
    [InlineData("json", true)]
    [InlineData("csv", true)]
    [InlineData("md", true)]
    public async Task Quiet_leaves_the_data_alone(string format, bool data)
    {
        var cli = await Cli.RunAsync(new(), "run", "--quiet", "--format", format);
        Assert.Empty(cli.Error);
        Assert.Equal(data, cli.Out.Length > 0);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("\u001b=1", "'=1")]
    [InlineData("=a,\"b\"", "\"'=a,\"\"b\"\"\"")]
    [InlineData("", "")]
    public void Csv_cells_are_quoted_and_no_formulas(string text, string expected) => Assert.Equal(expected, CsvData.Text(text));

    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("[x](y)<z>", "\\[x\\](y)\\<z\\>")]
    [InlineData("a\nb\u001b", "a b")]
    [InlineData("\\", "\\\\")]
    [InlineData("&lt;b", "\\&lt;b")]
    public void Markdown_cells_mean_nothing_but_their_text(string text, string expected) => Assert.Equal(expected, MarkdownData.Text(text));

    [Fact]
    public async Task Markdown_is_two_tables()
    {
        Report report = Sample.Report(new[] { Sample.Country("A|B", "AAA", "X|Y", 1.005m) }.ToEquatableArray());
        var cli = await Cli.RunAsync(new() { Run = (_, _) => Task.FromResult(Sample.Outcome(report)) }, "run", "--format", "md");
        Assert.Equal(
            """
            | Region | Year | Top-5 average, bn USD | Countries |
            |---|---|---:|---|
            | X\|Y | 2025 | 1.00 | A\|B |

            | Rank | Country | Code | Region | Year | GDP, bn USD |
            |---:|---|---|---|---|---:|
            | 1 | A\|B | AAA | X\|Y | 2025 | 1.00 |

            """.ReplaceLineEndings("\n"),
            cli.Out);
    }
}
