using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Host.Tests;

/// <summary>The screen as people see it.</summary>
public sealed class ScreenTests
{
    private const string Story =
        """
        GDP by country, IMF via Wikipedia, page of 2025-12-30 (bundled; yours: etl run PAGE.html)
        chose  table "GDP (million US$) by country" · column "IMF (2025)" · unit US$ million
               years 2025 (4 rows: 2024)
        extract 222 rows → map ×2 → shuffle 194 in 6 regions → reduce top 5 → load 3 files, 1 database
        76 economies ≥ 100 bn: United States 30615.74, China 19398.58, Germany 5013.57 … all below

        REGION         TOP-5 AVG, bn USD
        North America  7003.68 ██████████  United States, Canada, Mexico, Dominican Republic, Puerto Rico
        Asia           6245.53 ████████▉   China, Japan, India, South Korea, Türkiye
        Europe         3483.65 █████       Germany, United Kingdom, France, Italy, Russia
        South America   808.81 █▏          Brazil, Argentina, Colombia, Chile, Peru
        Oceania         426.67 ▋           Australia, New Zealand, Papua New Guinea, Fiji, Solomon Islands
        Africa          305.66 ▍           South Africa, Egypt, Algeria, Nigeria, Morocco
        ✓ 222 read = 194 counted + 27 missing + 1 aggregate + 0 quarantined     ✓ SQL agrees
        no estimate for 27 countries (run.json names them)
        ✓ journalled: kill it any time, `etl run` resumes · 0 restarts · 0.8 s
        files  out/Countries_by_GDP.json · Region_Top.json · World_Economies.db · quarantine.jsonl
               run.json · etl_project_log.txt
        next   etl run --regions un-region · etl run --top 3 · etl formats

        RANK, ECONOMY, GDP ≥ 100 bn USD
         1 United States   30615.74   27 Israel                610.75   53 Greece              282.02
         2 China           19398.58   28 Singapore             574.18   54 Iraq                265.46
         3 Germany          5013.57   29 United Arab Emirates  569.10   55 New Zealand         262.91

        """;

    [Fact]
    public async Task It_tells_the_story_at_a_glance()
    {
        var cli = await Cli.RunAsync(new(), "run");
        Assert.StartsWith(Story.ReplaceLineEndings("\n"), cli.Out, StringComparison.Ordinal);
        Assert.Equal((0, ""), (cli.ExitCode, cli.Error));
        Assert.All(Sample.Countries.Take(76), c => Assert.Contains($"{c.Rank} {c.Country} ", cli.Out, StringComparison.Ordinal));
        Assert.DoesNotContain("Papua New Guinea  ", cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    [InlineData(160)]
    public async Task Nothing_is_wider_than_the_terminal(int width)
    {
        using var interruption = new Interruption();
        var cli = await Cli.RunAsync(new(), interruption, width, ["run"]);
        Assert.All(cli.Out.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.Contains("76 Serbia", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_without_unicode_gets_ascii_signs()
    {
        using var interruption = new Interruption();
        var cli = await Cli.RunAsync(new(), interruption, 100, ["run"], unicode: false);
        Assert.DoesNotContain(cli.Out.Replace("Türkiye", "", StringComparison.Ordinal), c => c > '~');
        Assert.Contains("North America  7003.68 ##########  United", cli.Out, StringComparison.Ordinal);
        Assert.Contains("ok 222 read = 194", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colour_changes_no_text_and_can_be_refused()
    {
        using var interruption = new Interruption();
        var plain = await Cli.RunAsync(new(), "run");
        var colored = await Cli.RunAsync(new(), interruption, 100, ["run"], color: true);
        var refused = await Cli.RunAsync(new(), interruption, 100, ["run", "--no-color"], color: true);
        Assert.Contains("\u001b[1mNorth America", colored.Out, StringComparison.Ordinal);
        var stripped = System.Text.RegularExpressions.Regex.Replace(colored.Out, "\u001b\\[[0-9;]*m", "");
        Assert.Equal(plain.Out, string.Join('\n', stripped.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())));
        Assert.Equal(plain.Out, refused.Out);
    }

    [Fact]
    public async Task Hostile_and_foreign_names_stay_in_their_cells()
    {
        CountryRow[] rows =
        [
            Sample.Country("[red]x[/]", "AAA", "Ev\u001b[2J\u009b1mil\r\n", 900m, 1), Sample.Country("대한민국", "KOR", "아시아", 800m, 2),
            Sample.Country("مصر", "EGY", "Africa", 700m, 3), Sample.Country("Nor\u202Emal\0", "BBB", null, 600m, 4),
        ];
        var report = Sample.Report(rows.ToEquatableArray()) with { UnassignedCountries = ["BBB"] };
        using var interruption = new Interruption();
        var runner = new FakeRunner { Run = (_, _) => Task.FromResult(Sample.Outcome(report)) };
        var plain = await Cli.RunAsync(runner, "run");
        var colored = await Cli.RunAsync(runner, interruption, 100, ["run"], color: true);

        Assert.DoesNotContain(plain.Out, c => char.IsControl(c) && c != '\n');
        Assert.Contains("[red]x[/]", colored.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", colored.Out, StringComparison.Ordinal);
        Assert.Contains("아시아       800.00 █", plain.Out, StringComparison.Ordinal);
        Assert.Contains("\u2068مصر\u2069", plain.Out, StringComparison.Ordinal);
        Assert.Contains("so in no average: Normal\n", plain.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_results_per_year_the_latest_is_shown()
    {
        var options = AnswerOptions.Default with { Year = new YearRule.All() };
        var rows = new[] { 2023, 2024, 2025 }.SelectMany(y => Sample.Countries.Select(c => c with { Year = y })).ToEquatableArray();
        var report = Sample.Report(rows, options) with
        {
            Regions = new[] { 2023, 2024, 2025 }.SelectMany(y => Sample.Regions(Sample.Countries, group: y)).ToEquatableArray(),
        };
        var cli = await Cli.RunAsync(new() { Run = (_, _) => Task.FromResult(Sample.Outcome(report)) }, "run", "--year", "all");
        Assert.Contains("76 economies ≥ 100 bn in 2025: United States", cli.Out, StringComparison.Ordinal);
        Assert.Contains("shown: 2025; 2 more years are in the files", cli.Out, StringComparison.Ordinal);
        Assert.Single(cli.Out.Split('\n'), l => l.StartsWith("Oceania", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Warnings_restarts_and_a_resume_are_told()
    {
        var report = Sample.Report(warnings: ["w1", "w2", "w3", "w4", "w5", "w6", "w7"]) with
        {
            Counts = new(223, 192, 2, 27, 1, 1, 192, 0),
        };
        var facts = Sample.Facts with { BatchesResumed = 3, RestartsTotal = 2 };
        var cli = await Cli.RunAsync(new() { Run = (_, _) => Task.FromResult(Sample.Outcome(report, facts)) }, "run");
        Assert.Contains(
            "✓ 223 read = 192 counted + 2 superseded + 27 missing + 1 aggregate + 1 quarantined     ✓ SQL agrees\n! w1\n! w2\n! w3\n! w4\n! w5\n! and 2 more in run.json\n! 1 row set aside",
            cli.Out, StringComparison.Ordinal);
        Assert.Contains("✓ resumed: 3 of 4 batches were already done\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains(" · 2 restarts (causes in run.json) · ", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_read()
    {
        var cli = await Cli.RunAsync(new(), "run", "--dry-run");
        Assert.Equal(
            """
            Dry run of the bundled edition: nothing is written
            chose  table "GDP (million US$) by country" · column "IMF (2025)" · unit US$ million
                   years 2025 (4 rows: 2024)
            page   of 2025-12-30
            rows   222
              ROW  NAME                 VALUE  YEAR
                1  World          117,165,394  2025
                2  United States   30,615,743  2025
                3  China           19,398,577  2025
                4  Germany          5,013,574  2025
                5  대한민국         1,858,572  2025
            ! 2 unknown names: Freedonia, Sylvania
            would  read 222 = 192 to reduce + 27 missing + 1 aggregate + 2 quarantined
            next   etl run

            """.ReplaceLineEndings("\n"),
            cli.Out);
    }
}
