using System.Text;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>What people can ask of a file of records, and what they are told when it cannot be read so.</summary>
public sealed class FileOptionTests(Settled settled) : IClassFixture<Settled>
{
    private const string Small = "country,year,gdp_usd_million\nGermany,2010,1500\nFrance,2010,2500\nGermany,2012,1750\nKenya,2011,30\n";

    private Workspace Workspace => settled.Workspace;

    [Fact]
    public Task Rows_that_contradict_each_other_are_named_with_their_place() => settled.RefusesAsync(
        3, ["Germany stands twice in 2010", "1500 million USD at byte 29", "1501 at byte 96", "twice.csv", "--duplicates sum"],
        "run", Workspace.Write("twice.csv", Small + "Germany,2010,1501\n"), "--out", Workspace.Out, "--year", "all");

    [Fact]
    public async Task Rows_that_say_the_same_collapse()
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync(workspace.Write("same.csv", Small + "Germany,2010,1500.000\nGermany,2010,1.5e3\n"), "--year", "all")).ExitsWith(0);

        Assert.Equal((6, 4, 2), Counts(workspace));
        Assert.Equal("1500", Countries(workspace)[("DEU", 2010)]);
    }

    [Fact]
    public async Task A_decimal_comma_is_not_taken_for_thousands()
    {
        using var workspace = new Workspace();

        var path = workspace.Write("euro.csv", "country;year;gdp_usd_million\nGermany;2020;123,456\nFrance;2020;\"1,234\"\nJapan;2020;12 345\nKenya;2020;7.5\n");
        (await workspace.RunAsync(path, "--year", "2020")).ExitsWith(0);

        Assert.Equal([("FRA", 2020), ("KEN", 2020)], Countries(workspace).Keys.Order());
        Assert.Equal("1234", Countries(workspace)[("FRA", 2020)]);
        var reasons = File.ReadLines(Path.Combine(workspace.Out, "quarantine.jsonl")).Select(l => JsonDocument.Parse(l).RootElement);
        Assert.All(reasons, r => Assert.Contains("decimal comma", r.GetProperty("Reason").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public Task An_array_of_objects_is_told_to_be_one() => settled.RefusesAsync(
        1, ["array.json", "one JSON array", "jq -c '.[]'"],
        "run", Workspace.Write("array.json", "[{\"country\":\"Germany\",\"year\":2020,\"gdp_usd\":1}]"), "--out", Workspace.Out, "--year", "all");

    [SkippableFact]
    public async Task A_pipe_given_as_a_path_is_told_what_to_do()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes with a path are those of Unix");
        var path = Workspace.In("pipe.csv");
        using (var made = System.Diagnostics.Process.Start("mkfifo", path)) await made.WaitForExitAsync();
        // Who opens a pipe to write waits until it is read.
        var writer = Task.Run(() => File.WriteAllText(path, Small));

        await settled.RefusesAsync(2, ["pipe.csv", "| etl run -"], "run", path, "--out", Workspace.Out, "--year", "all");

        await writer.ContinueWith(static _ => { }, TaskScheduler.Default);
        File.Delete(path);
    }

    [SkippableFact]
    public async Task A_slow_pipe_is_waited_for_however_slow_it_is()
    {
        Skip.If(OperatingSystem.IsWindows(), "sh is Unix'");
        using var workspace = new Workspace();
        var rows = workspace.Write("rows.csv", Small);

        // Ten times the deadline for an acknowledgement, twice all patience.
        using var run = EtlProcess.StartAs("sh",
        [
            "-c", "{ head -n 2 \"$1\"; sleep 6; tail -n +3 \"$1\"; } | \"$2\" run - --no-spool --year all --out \"$3\" --set etl.jobs.ack-deadline=300ms",
            "sh", rows, EtlProcess.Program, workspace.Out,
        ]);
        (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);

        Assert.Equal((4, 4, 0), Counts(workspace));
        Assert.Equal(0, workspace.Json("run.json").GetProperty("retries").GetInt32());
    }

    [SkippableFact]
    public async Task A_thousand_files_need_no_thousand_descriptors()
    {
        Skip.If(OperatingSystem.IsWindows(), "limits are those of Unix");
        using var workspace = new Workspace();
        for (var file = 0; file < 1_000; file++) workspace.Write($"part-{file}.csv", $"country,year,gdp_usd_million\nGermany,{1950 + (file % 50)},{file}\n");

        using var run = EtlProcess.StartAs("sh",
            ["-c", "ulimit -n 400; exec \"$1\" run \"$2\" --year all --duplicates sum --out \"$3\"", "sh", EtlProcess.Program, workspace.In("part-*.csv"), workspace.Out]);
        (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);

        Assert.Equal((1_000, 1_000, 0), Counts(workspace));
        Assert.Equal(50, Countries(workspace).Count);
    }

    [Fact]
    public async Task A_link_is_as_good_as_its_file()
    {
        using var workspace = new Workspace();
        var target = workspace.Write("small.csv", Small);
        var link = Path.Combine(Path.GetDirectoryName(target)!, "link.csv");
        File.CreateSymbolicLink(link, target);
        // The link is younger than what it leads to.
        File.SetLastWriteTimeUtc(target, DateTime.UtcNow.AddDays(-3));

        (await workspace.RunAsync(link, "--year", "all")).ExitsWith(0);

        Assert.Equal("1500", Countries(workspace)[("DEU", 2010)]);
    }

    [Theory]
    [InlineData("2010", "DEU 2010 1500, FRA 2010 2500", 2)]
    [InlineData("latest-per-country", "DEU 2012 1750, FRA 2010 2500, KEN 2011 30", 1)]
    [InlineData("all", "DEU 2010 1500, DEU 2012 1750, FRA 2010 2500, KEN 2011 30", 0)]
    public async Task A_year_is_for_people_to_choose(string year, string expected, int superseded)
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync(workspace.Write("small.csv", Small), "--year", year)).ExitsWith(0);

        Assert.Equal(expected, string.Join(", ", Countries(workspace).OrderBy(c => c.Key).Select(c => $"{c.Key.Code} {c.Key.Year} {c.Value}")));
        Assert.Equal((4, 4 - superseded, superseded), Counts(workspace));
    }

    [Theory]
    [InlineData("plain.csv", "country,gdp_usd_million\nGermany,1500\nKenya,30\n")]
    [InlineData("plain.ndjson", "{\"country\":\"Germany\",\"gdp_usd_million\":1500}\n{\"country\":\"Kenya\",\"gdp_usd_million\":30}\n")]
    public async Task A_file_without_years_is_of_the_year_that_is_given(string name, string content)
    {
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(workspace.Write(name, content), "--year", "2020")).ExitsWith(0);

        Assert.Contains("years 2020, by --year", run.Out, StringComparison.Ordinal);
        Assert.Equal([("DEU", 2020), ("KEN", 2020)], Countries(workspace).Keys.Order());
    }

    [Fact]
    public Task A_file_whose_header_has_another_year_is_not_of_the_year_that_is_given() => settled.RefusesAsync(
        1, ["no value is of year 2020; years in the input: 2019"],
        "run", Workspace.Write("other.csv", "country,gdp_2019_usd_million\nGermany,1500\n"), "--out", Workspace.Out, "--year", "2020");

    [Fact]
    public async Task A_series_without_a_date_asks_for_the_year_before_anything_is_created()
    {
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(workspace.Write("small.csv", Small))).ExitsWith(2);

        Settled.AssertOneParagraph(run, "small.csv", "--year all", "--as-of");
        Assert.Equal([workspace.In("small.csv")], Directory.GetFileSystemEntries(workspace.Root));
        (await workspace.RunAsync(workspace.In("small.csv"), "--as-of", "2011-06-01")).ExitsWith(0);
        Assert.Equal([("KEN", 2011)], Countries(workspace).Keys);
    }

    [Theory]
    [InlineData("--columns", "gdp=gdp_usd_milion", "did you mean gdp_usd_million?")]
    [InlineData("--columns", "country=nation", "there is no column 'nation'")]
    [InlineData("--delimiter", "tab", "line 1 has one column")]
    [InlineData("--unit", "dozen", "--unit")]
    [InlineData("--set", "etl.csv.delimiter=x", "etl.csv.delimiter")]
    [InlineData("--set", "etl.extract.batch-bytes=1KiB", "etl.extract.batch-bytes")]
    public Task What_the_file_has_not_is_bad_usage(string option, string value, string says) => settled.RefusesAsync(
        2, [says], "run", Workspace.Write("small.csv", Small), "--out", Workspace.Out, "--year", "all", option, value);

    [Fact]
    public async Task A_mark_exponents_and_quoted_thousands_are_read()
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync(
            workspace.Write("odd.csv", "\uFEFFcountry,year,gdp_usd_million\nGermany,2010,1.25E3\n\"France\",2010,\"1,234,567.25\"\nKenya,2010,5e-3\r\nChile,2010,+7\n"),
            "--year", "2010")).ExitsWith(0);

        Assert.Equal(
            [("CHL", "7"), ("DEU", "1250"), ("FRA", "1234567.25"), ("KEN", "0.005")], Countries(workspace).OrderBy(c => c.Key).Select(c => (c.Key.Code, c.Value)));
    }

    [Fact]
    public async Task A_record_without_a_value_is_missing_on_request()
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync(workspace.Write("gaps.csv", Small + "Chile,2010,\nPeru,2010,n/a\nPeru,2010,x\n"), "--year", "all", "--empty", "missing")).ExitsWith(0);

        var story = workspace.Json("run.json");
        Assert.Equal((7, 4, 2, 1), (story.GetProperty("read").GetInt32(), story.GetProperty("counted").GetInt32(), story.GetProperty("missing").GetInt32(), story.GetProperty("quarantined").GetInt32()));
        Assert.Equal(["CHL", "PER"], story.GetProperty("missing_countries").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task What_is_configured_is_turned_off_by_the_command_line_and_what_is_in_force_makes_the_job()
    {
        using var workspace = new Workspace();
        var path = workspace.Write("gaps.csv", Small + "Chile,2010,\n");
        string[] configured = ["--year", "all", "--set", "etl.csv.empty=missing", "--set", "etl.csv.multiline=on"];
        (await workspace.RunAsync(path, ["--year", "all", .. Settings.Fault("before-load:1")])).ExitsWith(137);

        var run = (await workspace.RunAsync(path, [.. configured, "--empty", "quarantine", "--no-multiline"])).ExitsWith(0);

        Assert.Contains("resuming job", run.Error, StringComparison.Ordinal);
        Assert.Equal((0, 1), (workspace.Json("run.json").GetProperty("missing").GetInt32(), workspace.Json("run.json").GetProperty("quarantined").GetInt32()));
        (await workspace.RunAsync(path, configured)).ExitsWith(0);
        Assert.Equal((1, 0), (workspace.Json("run.json").GetProperty("missing").GetInt32(), workspace.Json("run.json").GetProperty("quarantined").GetInt32()));
    }

    [Fact]
    public async Task A_quoted_field_over_a_line_end_ends_the_run_and_is_read_on_request()
    {
        using var workspace = new Workspace();
        // Far enough in that its batch does not begin the file.
        var rows = new StringBuilder("country,year,gdp_usd_million\n");
        for (var i = 0; i < 1_000; i++) rows.Append("Germany,2010,1\n");
        var path = workspace.Write("over.csv", rows.Append("\"Korea,\nRep.\",2010,5\nAtlantis,2010,1\n").ToString());
        string[] options = [.. GeneratedFile.Sum, .. Settings.Batches("4KiB")];

        var run = (await workspace.RunAsync(path, options)).ExitsWith(1);
        Settled.AssertOneParagraph(run, "over.csv", "line 1002,", "byte 15029", "runs over the line end", "multiline");

        (await workspace.RunAsync(path, [.. options, "--multiline"])).ExitsWith(0);
        Assert.Equal((1_002, 1_001, 0), Counts(workspace));
        // A line end is white space in a name: the country is known.
        Assert.Equal("5", Countries(workspace)[("KOR", 2010)]);
        var entry = JsonDocument.Parse(GeneratedFile.Read(workspace, "quarantine.jsonl")).RootElement;
        Assert.Equal((1004, 15050), (entry.GetProperty("Line").GetInt32(), entry.GetProperty("Offset").GetInt32()));
    }

    [Theory]
    [InlineData(3, "line 3,")]
    [InlineData(1, "line 1 is longer")]
    public async Task A_line_of_megabytes_is_refused_without_being_held(int at, string says)
    {
        string[] lines = ["country,year,gdp_usd_million", "Germany,2010,1", "France,2010,2", "Kenya,2010,3"];
        lines[at - 1] = "Ger" + new string('m', 5_000_000) + lines[at - 1];

        // Memory is bounded there: 300 MB at most.
        await settled.RefusesAsync(1, at == 1 ? [says] : [says, "etl.csv.max-line-bytes", "long.csv"],
            "run", Workspace.Write("long.csv", string.Join('\n', lines)), "--out", Workspace.Out, "--year", "all");
    }

    [Fact]
    public async Task A_line_is_as_long_as_it_is_allowed_to_be()
    {
        using var workspace = new Workspace();
        var path = workspace.Write("long.csv", $"country,note,year,gdp_usd_million\nGermany,{new string('n', 5_000_000)},2010,1\nKenya,,2010,3\n");

        (await workspace.RunAsync(path, "--year", "all", "--set", "etl.csv.max-line-bytes=6MiB", "--set", "etl.extract.batch-bytes=4KiB")).ExitsWith(0);

        Assert.Equal((2, 2, 0), Counts(workspace));
    }

    public static TheoryData<string, int, string[]> BadFiles { get; } = new()
    {
        { "empty.csv", 1, ["empty.csv", "empty"] },
        { "header.csv", 1, ["no row has a country and a value"] },
        { "binary.csv", 1, ["binary.csv", "NUL"] },
        { "utf16.csv", 1, ["UTF-16", "UTF-8"] },
        { "short.csv.gz", 1, ["short.csv.gz", "damaged or cut short", "fetch it again"] },
        { "stub.csv.gz", 1, ["stub.csv.gz", "damaged"] },
        { "short.csv.zst", 1, ["short.csv.zst", "damaged or cut short"] },
        { "page.csv", 1, ["page.csv"] },
        { "directory", 2, ["directory", "*.csv"] },
        { "nothing*.csv", 2, ["no file matches"] },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public Task What_is_no_file_of_records_is_refused(string name, int exitCode, string[] says)
    {
        var path = Workspace.In(name);
        if (name == "directory") Directory.CreateDirectory(path);
        else if (!name.Contains('*')) Workspace.Write(name, ContentOf(name));
        return settled.RefusesAsync(exitCode, says, ["run", path, "--out", Workspace.Out, .. GeneratedFile.Sum]);
    }

    [Fact]
    public async Task Compressed_standard_input_that_is_not_kept_is_refused()
    {
        using var workspace = new Workspace();

        var run = (await EtlProcess.RunWithInputAsync(Compressed.Gzip(Encoding.UTF8.GetBytes(Small)), "run", "-", "--no-spool", "--out", workspace.Out, "--year", "all")).ExitsWith(2);

        Settled.AssertOneParagraph(run, "standard input is compressed", "zcat", "--no-spool");
        Assert.False(Directory.Exists(workspace.Out));
    }

    [SkippableFact]
    public async Task A_file_that_must_not_be_read_is_refused()
    {
        Skip.If(OperatingSystem.IsWindows(), "permissions are those of Unix");
        using var workspace = new Workspace();
        var path = workspace.Write("secret.csv", Small);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.None);

        var run = (await Unprivileged.RunAsync(["run", path, "--out", workspace.Out, "--year", "all"])).ExitsWith(1);

        Settled.AssertOneParagraph(run, "secret.csv", "denied");
        Assert.False(Directory.Exists(workspace.Out));
    }

    [Fact]
    public async Task A_dry_run_shows_what_a_file_has_and_writes_nothing()
    {
        using var workspace = new Workspace();
        var path = workspace.Write("small.csv", Small + "Atlantis,2010,5\n");
        var before = Directory.GetFileSystemEntries(workspace.Root);

        var run = (await workspace.RunAsync(path, "--year", "all", "--dry-run", "--state", workspace.In("state"))).ExitsWith(0);
        var piped = (await EtlProcess.RunWithInputAsync(await File.ReadAllBytesAsync(path), "run", "-", "--out", workspace.Out, "--year", "all", "--dry-run")).ExitsWith(0);

        Assert.Equal(before, Directory.GetFileSystemEntries(workspace.Root));
        foreach (var shown in new[] { run.Out, piped.Out })
        {
            Assert.Contains("gdp_usd_million", shown, StringComparison.Ordinal);
            Assert.Contains("Atlantis", shown, StringComparison.Ordinal);
            Assert.Contains("Kenya", shown, StringComparison.Ordinal);
        }
    }

    private static byte[] ContentOf(string name) => name switch
    {
        "empty.csv" => [],
        "header.csv" => "country,year,gdp_usd_million\n"u8.ToArray(),
        "binary.csv" => [.. "country,year,gdp_usd_million\n"u8, 0, 1, 2, 0],
        "utf16.csv" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Small)],
        // Long enough that its beginning, by which it is recognised, is whole.
        "short.csv.gz" => Compressed.Gzip(Contributions.Of(200_000, malformedOneIn: int.MaxValue).Bytes)[..^5_000],
        "short.csv.zst" => Compressed.Zstandard(Contributions.Of(200_000, malformedOneIn: int.MaxValue).Bytes)[..^5_000],
        "stub.csv.gz" => Compressed.Gzip(Encoding.UTF8.GetBytes(Small))[..20],
        "page.csv" => "<html><body>Not Found</body></html>"u8.ToArray(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static (int Read, int Counted, int Superseded) Counts(Workspace workspace)
    {
        var story = workspace.Json("run.json");
        return (story.GetProperty("read").GetInt32(), story.GetProperty("counted").GetInt32(), story.GetProperty("superseded").GetInt32());
    }

    private static Dictionary<(string Code, int Year), string> Countries(Workspace workspace) => workspace.Json("Countries_by_GDP.json").EnumerateArray()
        .ToDictionary(c => (c.GetProperty("Code").GetString()!, c.GetProperty("Year").GetInt32()), c => c.GetProperty("GDP_USD_million").GetRawText());
}
