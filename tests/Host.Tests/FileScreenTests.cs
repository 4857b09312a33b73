using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Host.Tests;

/// <summary>The screen of files of records: they have neither publisher nor page.</summary>
public sealed class FileScreenTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("etl-screen-").FullName;

    [Fact]
    public async Task One_file_is_named_where_a_page_is()
    {
        var file = Files("data.csv")[0];
        var cli = await RunAsync([file], r => r with { UnassignedCountries = [] });
        Assert.StartsWith("GDP by country, from CSV, ", cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("page", cli.Out.Split("extract")[0], StringComparison.Ordinal);
        Assert.Contains("chose  column \"gdp_usd_million\" · unit US$ million\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains($"etl run {file} --top 3", cli.Out.ReplaceLineEndings("\n").Replace("\n       ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("no value for 27 countries", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_files_the_first_are_named()
    {
        var cli = await RunAsync([.. Files("1.csv", "2.csv", "3.csv", "4.csv", "5.csv"), "-"], r => r);
        Assert.Contains("3.csv, and 3 more\n", cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("4.csv", cli.Out, StringComparison.Ordinal);
        Assert.Contains("etl run ... --top 3", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_has_a_name()
    {
        var cli = await RunAsync(["-"], r => r);
        Assert.StartsWith("GDP by country, from CSV, standard input\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("etl run - --top 3", cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10_000, "! 96 rows set aside: quarantine.jsonl names line, text and reason\n")]
    [InlineData(10, "! 96 rows set aside: quarantine.jsonl names line, text and reason of the first 10\n")]
    [InlineData(0, "! 96 rows set aside; --quarantine-limit 0 keeps no details\n")]
    public async Task It_tells_how_many_rows_are_named(int limit, string expected)
    {
        var cli = await RunAsync(["-"], r => r with
        {
            Spec = r.Spec with { Options = r.Spec.Options with { QuarantineLimit = limit } },
            Counts = r.Counts with { Read = 318, Quarantined = 96 },
        });
        Assert.Contains(expected, cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_names_all_that_would_be_read()
    {
        var files = Files("a b.csv", "c.csv");
        var runner = new FakeRunner { Dry = new FakeRunner().Dry with { Choice = Sample.Choice with { Table = "", Edition = null } } };
        var cli = await Cli.RunAsync(runner, ["run", "--dry-run", .. files]);
        Assert.StartsWith($"Dry run of {files[0]}, {files[1]}: nothing is written\nchose  column ", cli.Out, StringComparison.Ordinal);
        Assert.EndsWith($"next   etl run '{files[0]}' {files[1]}\n", cli.Out, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static async Task<Cli> RunAsync(string[] inputs, Func<Report, Report> change)
    {
        var choice = new SourceChoice("", "", "gdp_usd_million", Domain.Map.Unit.Million, 0, "", null, []);
        var report = Sample.Report() with { Spec = Sample.Spec() with { Source = "csv" }, Choices = new[] { choice }.ToEquatableArray() };
        var runner = new FakeRunner { Run = (_, _) => Task.FromResult(Sample.Outcome(change(report))) };
        using var interruption = new Interruption();
        return await Cli.RunAsync(runner, interruption, 160, ["run", .. inputs]);
    }

    private string[] Files(params string[] names)
    {
        foreach (var name in names) File.WriteAllText(Path.Combine(directory, name), "");
        return [.. names.Select(name => Path.Combine(directory, name))];
    }
}
