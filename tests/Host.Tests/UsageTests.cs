using Etl.Actors.Load.Sinks;
using Etl.Host.Commands;

namespace Etl.Host.Tests;

/// <summary>Bad usage: exit 2, nothing on stdout, one paragraph on stderr that says what would be right.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("rum", "did you mean run?")]
    [InlineData("format", "did you mean formats?")]
    [InlineData("xyzzy", "valid: run, extract, transform, load, host, jobs, status, resume, events, explain, formats")]
    [InlineData("--verson", "did you mean --version?")]
    [InlineData("run --topp 3", "did you mean --top?")]
    [InlineData("run --region=continent", "did you mean --regions?")]
    [InlineData("run --publisher imff", "did you mean imf?")]
    [InlineData("run --publisher world", "did you mean worldbank?")]
    [InlineData("run --publisher oecd", "valid: imf, worldbank, un")]
    [InlineData("run --source wikpedia", "did you mean wikipedia?")]
    [InlineData("run --unit milion", "did you mean million?")]
    [InlineData("run --regions continnt", "did you mean continent?")]
    [InlineData("run --regions nowhere.csv", "there is no file 'nowhere.csv'")]
    [InlineData("run --year autp", "did you mean auto?")]
    [InlineData("run --year 1492", "a year from 1900 to 2100")]
    [InlineData("run --as-of 30.12.2025", "2025-12-30")]
    [InlineData("run --as-of 2025-02-30", "a date as")]
    [InlineData("run --duplicates sums", "did you mean sum?")]
    [InlineData("run --top 0", "from 1 to 1000")]
    [InlineData("run --top 1001", "from 1 to 1000")]
    [InlineData("run --top five", "from 1 to 1000")]
    [InlineData("run --top -1", "from 1 to 1000")]
    [InlineData("run --top", "'--top'")]
    [InlineData("run --top 3 --top 4", "'--top'")]
    [InlineData("run --threshold -1", "0 or more")]
    [InlineData("run --threshold 1,5", "decimal point")]
    [InlineData("run --threshold 79228162514264337593543950335", "0 or more")]
    [InlineData("run --sink json,sqlit", "did you mean sqlite?")]
    [InlineData("run --sink json,", "valid: json, sqlite")]
    [InlineData("run --config nowhere.conf", "there is no file 'nowhere.conf'")]
    [InlineData("run --set novalue", "path=value")]
    [InlineData("run --set =1", "path=value")]
    [InlineData("run --max-quarantined 101%", "1.5%")]
    [InlineData("run --max-quarantined few", "1.5%")]
    [InlineData("run --format cvs", "did you mean csv?")]
    [InlineData("run --format json --dry-run", "leave --format out")]
    [InlineData("run --multiline --no-multiline", "exclude each other")]
    [InlineData("run --out --fresh", "--out needs a value")]
    [InlineData("run --out --frsh", "--out needs a value")]
    [InlineData("run nowhere.html", "there is no file 'nowhere.html'")]
    [InlineData("run - nowhere.html", "there is no file 'nowhere.html'")]
    [InlineData("run - --input nowhere.html", "there is no file 'nowhere.html'")]
    [InlineData("run - --input -", "standard input (-) can be read only once")]
    [InlineData("run nowhere/*.csv", "no file matches 'nowhere/*.csv'")]
    [InlineData("run nowhere/**", "no file matches 'nowhere/**'")]
    [InlineData("run ..", "'..' is a directory: give files")]
    [InlineData("run ftp://example.org/page", "only http and https are fetched")]
    [InlineData("run --no-spool", "--no-spool is for standard input")]
    [InlineData("run --source cvs", "did you mean csv?")]
    [InlineData("run --columns contry=a", "there is no 'contry', did you mean country?")]
    [InlineData("run --columns a,b", "country=NAME,year=NAME,gdp=NAME")]
    [InlineData("run --columns --fresh", "--columns needs a value")]
    [InlineData("run --delimiter :", "valid: comma, semicolon, tab, pipe")]
    [InlineData("run --delimiter tabs", "did you mean tab?")]
    [InlineData("run --empty mising", "did you mean missing?")]
    [InlineData("run --quarantine-limit 1000001", "from 0 to 1000000")]
    [InlineData("run --quarantine-limit -1", "from 0 to 1000000")]
    [InlineData("run --quarantine-limit 1%", "from 0 to 1000000")]
    [InlineData("formats all", "takes no 'all'")]
    [InlineData("status", "'ID'")]
    [InlineData("status a b", "takes no 'b'")]
    [InlineData("status --format jsn a", "did you mean json?")]
    [InlineData("status abc", "there are no jobs yet")]
    [InlineData("events abc", "there are no jobs yet")]
    [InlineData("resume", "there is no unfinished job")]
    [InlineData("resume abc", "there are no jobs yet")]
    [InlineData("resume --top 3", "has no option '--top'")]
    [InlineData("jobs pruned", "did you mean prune?")]
    [InlineData("jobs --state --format", "--state needs a value")]
    [InlineData("jobs --config nowhere.conf", "there is no file 'nowhere.conf'")]
    [InlineData("jobs prune --keep -1", "from 0 to 1000000")]
    [InlineData("jobs prune --keep some", "from 0 to 1000000")]
    [InlineData("formats --format csv", "valid: table, json")]
    [InlineData("explan", "did you mean explain?")]
    [InlineData("explain supervison", "did you mean supervision?")]
    [InlineData("explain tree config", "takes no 'config'")]
    [InlineData("explain --format csv", "valid: table, json")]
    [InlineData("explain --config nowhere.conf", "there is no file 'nowhere.conf'")]
    [InlineData("explain --set novalue", "path=value")]
    public async Task It_says_what_would_be_right(string commandLine, string remedy)
    {
        var runner = new FakeRunner();
        var cli = await Cli.RunAsync(runner, commandLine.Split(' '));
        Assert.Equal(2, cli.ExitCode);
        Assert.Empty(cli.Out);
        Assert.StartsWith("error: ", cli.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, cli.Error, StringComparison.Ordinal);
        Assert.Contains("--help)", cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, cli.Error.Count(c => c == '\n'));
        Assert.Null(runner.Request);
    }

    [Fact]
    public async Task What_was_typed_cannot_command_the_terminal()
    {
        var cli = await Cli.RunAsync(new(), "run", "--publisher", "\u001b[31mx\u009b\nerror: y");
        Assert.Equal(2, cli.ExitCode);
        Assert.DoesNotContain(cli.Error[..^1], c => char.IsControl(c));
    }

    [Theory]
    [InlineData("", "Usage: etl COMMAND")]
    [InlineData("--help", "Usage: etl COMMAND")]
    [InlineData("-h", "Usage: etl COMMAND")]
    [InlineData("run --help", "Usage: etl run [INPUT...]")]
    [InlineData("run --help --bogus", "Usage: etl run [INPUT...]")]
    [InlineData("formats --help", "Usage: etl formats")]
    [InlineData("explain --help", "Usage: etl explain [WHAT] [options]")]
    [InlineData("jobs --help", "Usage: etl jobs COMMAND")]
    [InlineData("jobs prune --help", "Usage: etl jobs prune [options]")]
    [InlineData("status --help", "Usage: etl status ID [options]")]
    [InlineData("resume --help", "Usage: etl resume [ID] [options]")]
    [InlineData("events --help", "Usage: etl events ID [options]")]
    public async Task Help_is_on_stdout_with_examples(string commandLine, string expected)
    {
        var cli = await Cli.RunAsync(new(), commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, ""), (cli.ExitCode, cli.Error));
        Assert.Contains(expected, cli.Out, StringComparison.Ordinal);
        var examples = cli.Out.Split('\n').SkipWhile(l => l != "EXAMPLES").Skip(1).TakeWhile(l => l.StartsWith("  etl", StringComparison.Ordinal));
        Assert.InRange(examples.Count(), 4, 10);
        Assert.All(cli.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 106));
    }

    [Fact]
    public async Task Help_of_run_names_every_option()
    {
        var cli = await Cli.RunAsync(new(), "run", "--help");
        string[] options =
        [
            "--input", "--source", "--publisher", "--unit", "--regions", "--year", "--as-of", "--duplicates", "--top", "--threshold", "--out",
            "--sink", "--state", "--config", "--set", "--fresh", "--dry-run", "--strict", "--max-quarantined", "--format", "--columns",
            "--delimiter", "--empty", "--multiline", "--no-multiline", "--no-spool", "--quarantine-limit", "--quiet", "--no-color",
            "--offline", "--allow-private-hosts",
        ];
        Assert.All(options, option => Assert.Contains("  " + option + " ", cli.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_the_product_s()
    {
        var cli = await Cli.RunAsync(new(), "--version");
        Assert.Equal(0, cli.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", cli.Out);
    }

    [Fact]
    public void Every_sink_has_a_word_and_a_line()
    {
        Assert.Equal(SinkCatalog.Names, Words.Sinks.Select(w => w.Name).Order(StringComparer.Ordinal));
        Assert.All(Words.Sinks, w => Assert.NotEmpty(w.About));
    }

    [Fact]
    public async Task Formats_are_a_table_and_json()
    {
        var table = await Cli.RunAsync(new(), "formats");
        Assert.Contains("  csv           records with a header line", table.Out, StringComparison.Ordinal);
        Assert.Contains(".gz and .zst", table.Out, StringComparison.Ordinal);
        Assert.Contains("REGION SCHEMES  --regions\n  continent     Africa", table.Out, StringComparison.Ordinal);
        var json = await Cli.RunAsync(new(), "formats", "--format", "json");
        using var document = System.Text.Json.JsonDocument.Parse(json.Out);
        Assert.Equal(
            ["sources", "publishers", "units", "regions", "sinks"], document.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("sqlite", document.RootElement.GetProperty("sinks")[1].GetProperty("name").GetString());
    }
}
