using Etl.Actors.Hosting;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Host.Tests;

/// <summary>What the command line hands to the runner.</summary>
public sealed class RequestTests : IDisposable
{
    private static readonly RunRequest Default = new(
        [], null, AnswerOptions.Default, null, "out", Path.Combine("out", ".etl"), [], [], [], false, false, null, null);

    private readonly string directory = Directory.CreateTempSubdirectory("etl-host-").FullName;

    public static TheoryData<string, RunRequest> Valid => new()
    {
        { "run", Default },
        { "run --source wikipedia", Default with { Source = "wikipedia", Inputs = ["https://en.wikipedia.org/wiki/List_of_countries_by_GDP_(nominal)"] } },
        { "run https://example.org/page --offline --allow-private-hosts", Default with { Inputs = ["https://example.org/page"], Offline = true, AllowPrivateHosts = true } },
        { "run --source csv", Default with { Source = "csv" } },
        { "run --source ndjson", Default with { Source = "ndjson" } },
        { "run -", Default with { Inputs = ["-"] } },
        { "run --input - --no-spool", Default with { Inputs = ["-"], NoSpool = true } },
        { "run --columns country=a,year=b,gdp=c", Records(r => r with { Country = "a", Year = "b", Value = "c" }) },
        { "run --columns gdp=\"c,d\"", Records(r => r with { Value = "c,d" }) },
        { "run --delimiter ,", Records(r => r with { Delimiter = ',' }) },
        { "run --delimiter ;", Records(r => r with { Delimiter = ';' }) },
        { "run --delimiter |", Records(r => r with { Delimiter = '|' }) },
        { "run --delimiter \t", Records(r => r with { Delimiter = '\t' }) },
        { "run --delimiter \\t", Records(r => r with { Delimiter = '\t' }) },
        { "run --delimiter tab", Records(r => r with { Delimiter = '\t' }) },
        { "run --delimiter=pipe", Records(r => r with { Delimiter = '|' }) },
        { "run --empty quarantine", Records(r => r with { EmptyIsMissing = false }) },
        { "run --empty missing", Records(r => r with { EmptyIsMissing = true }) },
        { "run --multiline", Records(r => r with { Multiline = true }) },
        { "run --no-multiline", Records(r => r with { Multiline = false }) },
        { "run --quarantine-limit 0", Answer(a => a with { QuarantineLimit = 0 }) },
        { "run --quarantine-limit 1000000", Answer(a => a with { QuarantineLimit = 1_000_000 }) },
        { "run --publisher imf", Default },
        { "run --publisher worldbank", Answer(a => a with { Publisher = Publisher.WorldBank }) },
        { "run --publisher=un", Answer(a => a with { Publisher = Publisher.UnitedNations }) },
        { "run --unit usd", Answer(a => a with { Unit = Unit.Usd }) },
        { "run --unit thousand", Answer(a => a with { Unit = Unit.Thousand }) },
        { "run --unit million", Answer(a => a with { Unit = Unit.Million }) },
        { "run --unit billion", Answer(a => a with { Unit = Unit.Billion }) },
        { "run --regions wb-income", Answer(a => a with { Regions = "wb-income" }) },
        { "run --regions un-subregion", Answer(a => a with { Regions = "un-subregion" }) },
        { "run --year 2024", Answer(a => a with { Year = new YearRule.Only(2024) }) },
        { "run --year all", Answer(a => a with { Year = new YearRule.All() }) },
        { "run --year latest-per-country", Answer(a => a with { Year = new YearRule.LatestPerCountry() }) },
        { "run --as-of 2025-12-30", Answer(a => a with { AsOf = new DateOnly(2025, 12, 30) }) },
        { "run --duplicates sum", Answer(a => a with { Duplicates = DuplicateRule.Sum }) },
        { "run --duplicates fail", Answer(a => a with { Duplicates = DuplicateRule.Fail }) },
        { "run --top 1", Answer(a => a with { Top = 1 }) },
        { "run --top 1000", Answer(a => a with { Top = 1000 }) },
        { "run --threshold 0", Answer(a => a with { ThresholdBillions = 0m }) },
        { "run --threshold 99.5", Answer(a => a with { ThresholdBillions = 99.5m }) },
        { "run --out results", Default with { OutDirectory = "results", StateDirectory = Path.Combine("results", ".etl") } },
        { "run --out results --state s", Default with { OutDirectory = "results", StateDirectory = "s" } },
        { "run --sink sqlite", Default with { Sinks = ["sqlite"] } },
        { "run --sink postgres", Default with { Sinks = ["postgres"] } },
        { "run --sink sqlite,json,sqlite", Default with { Sinks = ["sqlite", "json"] } },
        { "run --set etl.map.pool-size=4 --set a.b=c=d", Default with { Settings = [new("etl.map.pool-size", "4"), new("a.b", "c=d")] } },
        { "run --fresh --strict", Default with { Fresh = true, Strict = true } },
        { "run --max-quarantined 25", Default with { MaxQuarantined = 25 } },
        { "run --max-quarantined 0", Default with { MaxQuarantined = 0 } },
        { "run --max-quarantined 1.5%", Default with { MaxQuarantinedPercent = 1.5 } },
        { "run --format json --quiet --no-color", Default },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task Options_become_exactly_this_request(string commandLine, RunRequest expected) =>
        AssertSame(expected, await RequestOf(commandLine.Split(' ')));

    [Fact]
    public async Task Files_are_taken_as_given()
    {
        var page = FileOf("a page.html");
        var regions = FileOf("mine.csv");
        var first = FileOf("1.conf");
        var second = FileOf("2.conf");

        var request = await RequestOf("run", page, "--regions", regions, "--config", first, "--config", second);

        AssertSame(
            Answer(a => a with { Regions = regions }) with { Inputs = [page], RegionsFile = regions, ConfigFiles = [first, second] }, request);
        AssertSame(Default with { Inputs = [page] }, await RequestOf("run", "--input", page));
    }

    [Fact]
    public async Task A_name_that_looks_like_an_option_or_a_response_file_is_a_file()
    {
        var dash = FileOf("-x.html");
        var at = FileOf("@page.html");
        AssertSame(Default with { Inputs = [at] }, await RequestOf("run", at));
        AssertSame(Default with { Inputs = [dash] }, await RequestOf("run", "--", dash));
    }

    [Fact]
    public async Task A_dry_run_asks_for_nothing_else()
    {
        var runner = new FakeRunner();
        var cli = await Cli.RunAsync(runner, "run", "--dry-run", "--top", "3");
        Assert.True(runner.WasDry);
        Assert.Equal(0, cli.ExitCode);
        AssertSame(Answer(a => a with { Top = 3 }), runner.Request!);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static RunRequest Answer(Func<AnswerOptions, AnswerOptions> change) => Default with { Options = change(AnswerOptions.Default) };

    private static RunRequest Records(Func<RecordsAsked, RecordsAsked> change) => Default with { Records = change(RecordsAsked.Nothing) };

    private static async Task<RunRequest> RequestOf(params string[] args)
    {
        var runner = new FakeRunner();
        var cli = await Cli.RunAsync(runner, args);
        Assert.Equal((0, ""), (cli.ExitCode, args.Contains("json") ? "" : cli.Error));
        return runner.Request!;
    }

    // Immutable arrays compare by reference inside a record.
    private static void AssertSame(RunRequest expected, RunRequest actual)
    {
        Assert.Equal(expected.Inputs.AsEnumerable(), actual.Inputs);
        Assert.Equal(expected.Sinks.AsEnumerable(), actual.Sinks);
        Assert.Equal(expected.ConfigFiles.AsEnumerable(), actual.ConfigFiles);
        Assert.Equal(expected.Settings.AsEnumerable(), actual.Settings);
        Assert.Equal(
            expected with { Inputs = default, Sinks = default, ConfigFiles = default, Settings = default },
            actual with { Inputs = default, Sinks = default, ConfigFiles = default, Settings = default });
    }

    private string FileOf(string name)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllText(path, "");
        return path;
    }
}
