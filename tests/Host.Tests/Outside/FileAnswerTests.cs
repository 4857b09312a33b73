using System.Globalization;
using System.Text;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>The answer of a file of records: right, and the same bytes however the file is cut, packed or divided.</summary>
public sealed class FileAnswerTests(GeneratedFile file) : IClassFixture<GeneratedFile>
{
    private static readonly string[] Answers = ["Countries_by_GDP.json", "Region_Top.json"];

    [Fact]
    public async Task Every_average_is_what_plain_arithmetic_gives()
    {
        await file.ResultAsync();
        var regions = file.Workspace.Json("Region_Top.json").EnumerateArray().ToArray();

        var expected = file.Content.Answer().ToArray();
        Assert.Equal(72, expected.Length);
        Assert.Equal(
            expected.Select(e => FormattableString.Invariant($"{e.Year} {e.Region} {e.Sum / 1.000000000000000000000m} {e.Average:0.00} {string.Join('|', e.Codes)}")),
            regions.Select(r => $"{r.GetProperty("Year_From").GetInt32()} {r.GetProperty("Region").GetString()} {r.GetProperty("Sum_exact").GetString()} "
                + $"{r.GetProperty("Average_GDP_USD_billion").GetRawText()} "
                + string.Join('|', r.GetProperty("Countries").EnumerateArray().Select(c => c.GetProperty("Code").GetString()))));
        Assert.All(regions, r => Assert.Equal(r.GetProperty("Year_From").GetInt32(), r.GetProperty("Year_To").GetInt32()));
    }

    [Fact]
    public async Task Every_country_and_year_has_its_sum()
    {
        await file.ResultAsync();

        var expected = file.Content.Rows.GroupBy(r => (r.Code, r.Year)).Select(g => FormattableString.Invariant($"{g.Key.Code} {g.Key.Year} {g.Sum(r => r.Millions) / 1.0000000000000000m}"));

        Assert.Equal(expected.Order(), file.Workspace.Json("Countries_by_GDP.json").EnumerateArray().Select(c =>
            $"{c.GetProperty("Code").GetString()} {c.GetProperty("Year").GetInt32()} {c.GetProperty("GDP_USD_million").GetRawText()}").Order());
    }

    [Fact]
    public async Task The_count_equation_counts_every_row()
    {
        var run = await file.ResultAsync();

        var story = file.Workspace.Json("run.json");
        long Count(string name) => story.GetProperty(name).GetInt64();
        Assert.Equal((file.Content.Rows.Count + file.Content.SetAside.Count, file.Content.Rows.Count, 0, 0, 0, file.Content.SetAside.Count),
            (Count("read"), Count("counted"), Count("superseded"), Count("missing"), Count("aggregates"), Count("quarantined")));
        Assert.Equal(file.Content.Bytes.Length, Count("bytes"));
        // Data alone on stdout: progress and notes are not data.
        Assert.Equal(72, JsonDocument.Parse(run.Out).RootElement.GetProperty("regions").GetArrayLength());
    }

    [Fact]
    public async Task Every_row_that_is_set_aside_is_named_by_line_offset_column_text_and_reason()
    {
        await file.ResultAsync();

        var entries = (await file.FileAsync("quarantine.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(file.Content.SetAside, entries.Select(e => new SetAside(
            e.GetProperty("Line").GetInt64(), e.GetProperty("Offset").GetInt64(), e.GetProperty("Column").GetString()!, e.GetProperty("Text").GetString()!,
            e.GetProperty("Reason").GetString()!)));
        Assert.InRange(entries.Select(e => e.GetProperty("Reason").GetString()).Distinct().Count(), 6, 9);
        // The lines and offsets are those of the file, not only of the generator.
        var (lines, bytes) = (await File.ReadAllLinesAsync(file.Path), file.Content.Bytes);
        Assert.All(entries, e =>
        {
            var line = lines[e.GetProperty("Line").GetInt32() - 1];
            Assert.Contains(e.GetProperty("Text").GetString()!.Replace("\"", "", StringComparison.Ordinal), line.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(line, Encoding.UTF8.GetString(bytes, e.GetProperty("Offset").GetInt32(), Encoding.UTF8.GetByteCount(line)));
            Assert.Equal("contributions.csv", e.GetProperty("Source").GetString());
        });
    }

    [Theory]
    [InlineData(1, "4KiB")]
    [InlineData(2, "64KiB")]
    [InlineData(4, "1MiB")]
    [InlineData(16, "64MiB")]
    [InlineData(16, "8KiB")]
    public async Task Any_pool_and_any_batch_size_give_the_same_bytes(int mappers, string batch)
    {
        using var workspace = new Workspace();
        await file.ResultAsync();

        (await workspace.RunAsync(file.Path, [.. GeneratedFile.Sum, .. Settings.Batches(batch),
            "--set", FormattableString.Invariant($"akka.actor.deployment./etl/mappers.nr-of-instances={mappers}")])).ExitsWith(0);

        Assert.Equal(file.Workspace.AnswerHashes(), workspace.AnswerHashes());
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    [InlineData("-")]
    [InlineData("- compressed")]
    [InlineData("- not kept")]
    [InlineData("multiline")]
    public async Task A_stream_gives_the_same_as_the_file(string way)
    {
        using var workspace = new Workspace();
        var content = file.Content.Bytes;
        string[] options = [.. GeneratedFile.Sum, .. Settings.Batches("64KiB")];
        string[] standard = ["run", "-", "--out", workspace.Out, .. options];
        (await (way switch
        {
            "gz" => workspace.RunAsync(workspace.Write("contributions.csv.gz", Compressed.Gzip(content)), options),
            "zst" => workspace.RunAsync(workspace.Write("contributions.csv.zst", Compressed.Zstandard(content)), options),
            "-" => EtlProcess.RunWithInputAsync(content, standard),
            "- compressed" => EtlProcess.RunWithInputAsync(Compressed.Gzip(content), standard),
            "- not kept" => EtlProcess.RunWithInputAsync(content, [.. standard, "--no-spool"]),
            _ => workspace.RunAsync(file.Path, [.. options, "--multiline"]),
        })).ExitsWith(0);

        await AssertSameAsync(workspace, Answers);
        Assert.Equal(WithoutSource(await file.FileAsync("quarantine.jsonl")), WithoutSource(GeneratedFile.Read(workspace, "quarantine.jsonl")));
        Assert.Equal((content.Length + 65535) / 65536, workspace.Json("run.json").GetProperty("batches").GetInt32());
    }

    [Fact]
    public async Task The_same_rows_as_lines_of_JSON_give_the_same_answer()
    {
        using var workspace = new Workspace();
        var json = new StringBuilder();
        foreach (var row in file.Content.Rows)
            json.Append("{\"gdp_usd_million\":").Append(row.Value.Contains(',') ? JsonSerializer.Serialize(row.Value) : row.Value)
                .Append(CultureInfo.InvariantCulture, $",\"note\":[1],\"country\":{JsonSerializer.Serialize(row.Written)},\"year\":{row.Year}}}\n");
        json.Append("{\"country\":\"Atlantis\",\"year\":2001,\"gdp_usd_million\":1}\nnonsense\n");

        (await workspace.RunAsync(workspace.Write("contributions.ndjson", json.ToString()), [.. GeneratedFile.Sum, .. Settings.Batches("64KiB")])).ExitsWith(0);

        await AssertSameAsync(workspace, Answers);
        Assert.Equal([file.Content.Rows.Count + 1, file.Content.Rows.Count + 2],
            GeneratedFile.Read(workspace, "quarantine.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Line").GetInt32()));
    }

    [Fact]
    public async Task Several_files_and_a_pattern_are_their_rows_together()
    {
        using var named = new Workspace();
        using var matched = new Workspace();
        var parts = Parts(3);
        var files = parts.Select((part, i) => named.Write($"part{i}.csv", part)).ToArray();

        (await EtlProcess.RunAsync(["run", files[2], files[0], files[1], "--out", named.Out, .. GeneratedFile.Sum, .. Settings.Batches("64KiB")])).ExitsWith(0);
        (await EtlProcess.RunAsync(["run", named.In("part*.csv"), "--out", matched.Out, .. GeneratedFile.Sum])).ExitsWith(0);

        await AssertSameAsync(named, Answers);
        await AssertSameAsync(matched, Answers);
        // In the order of the files, each with lines and offsets of its own.
        var entries = GeneratedFile.Read(matched, "quarantine.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(file.Content.SetAside.Select(s => s.Text), entries.Select(e => e.GetProperty("Text").GetString()));
        Assert.All(entries, e => Assert.Contains(
            e.GetProperty("Text").GetString()!.Replace("\"", "", StringComparison.Ordinal),
            File.ReadLines(named.In(e.GetProperty("Source").GetString()!)).ElementAt(e.GetProperty("Line").GetInt32() - 1).Replace("\"", "", StringComparison.Ordinal),
            StringComparison.Ordinal));
        Assert.Equal(["part2.csv", "part0.csv", "part1.csv"], GeneratedFile.Read(named, "quarantine.jsonl")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Source").GetString()).Distinct());
    }

    [Fact]
    public async Task Other_columns_in_another_order_and_another_unit_are_read_by_name()
    {
        using var workspace = new Workspace();
        var text = new StringBuilder("\uFEFFid;Wert;Jahr;\"Land; Name\";Notiz\r\n");
        foreach (var (row, i) in file.Content.Rows.Select((row, i) => (row, i)))
            text.Append(CultureInfo.InvariantCulture, $"{i};\"{row.Millions * 1000m}\";{row.Year};{row.Written};\"a;b \"\"c\"\"\"\r\n");

        (await workspace.RunAsync(workspace.Write("werte.csv", text.ToString()), [.. GeneratedFile.Sum, .. Settings.Batches("64KiB"),
            "--columns", "country=\"Land; Name\",year=Jahr,gdp=Wert", "--unit", "thousand", "--delimiter", "semicolon"])).ExitsWith(0);

        await AssertSameAsync(workspace, Answers);
        Assert.Equal("", GeneratedFile.Read(workspace, "quarantine.jsonl"));
    }

    [Theory]
    [InlineData(1, "64MiB")]
    [InlineData(4, "8KiB")]
    public async Task Details_are_kept_of_the_first_rows_and_all_are_counted(int mappers, string batch)
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync(file.Path, [.. GeneratedFile.Sum, "--quarantine-limit", "3", .. Settings.Batches(batch),
            "--set", FormattableString.Invariant($"akka.actor.deployment./etl/mappers.nr-of-instances={mappers}")])).ExitsWith(0);

        Assert.Equal(string.Concat((await file.FileAsync("quarantine.jsonl")).Split('\n').Take(3).Select(l => l + "\n")), GeneratedFile.Read(workspace, "quarantine.jsonl"));
        Assert.Equal(file.Content.SetAside.Count, workspace.Json("run.json").GetProperty("quarantined").GetInt32());
    }

    [Fact]
    public async Task A_limit_above_the_default_is_a_limit_too()
    {
        using var workspace = new Workspace();
        var text = new StringBuilder("country,year,gdp_usd\nKenya,2001,5\n");
        for (var i = 0; i < 12_000; i++) text.Append("Atlantis,2001,5\n");

        (await workspace.RunAsync(workspace.Write("many.csv", text.ToString()), "--year", "all", "--quarantine-limit", "11000", "--set", "etl.extract.batch-bytes=32KiB")).ExitsWith(0);

        Assert.Equal(Enumerable.Range(3, 11_000), GeneratedFile.Read(workspace, "quarantine.jsonl")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Line").GetInt32()));
        Assert.Equal(12_000, workspace.Json("run.json").GetProperty("quarantined").GetInt32());
    }

    [Fact]
    public async Task Too_many_rows_set_aside_stop_the_run_and_a_higher_limit_goes_on_from_there()
    {
        using var workspace = new Workspace();
        await file.ResultAsync();

        var stopped = (await workspace.RunAsync(file.Path, [.. GeneratedFile.Sum, "--max-quarantined", "20", .. Settings.FileSteps("16KiB")])).ExitsWith(3);
        Settled.AssertOneParagraph(stopped, "--max-quarantined", "more than the 20");
        var rows = long.Parse(System.Text.RegularExpressions.Regex.Match(stopped.Error, "of the first ([0-9]+) rows").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(rows, 1, file.Content.Rows.Count / 2);
        Assert.False(File.Exists(Path.Combine(workspace.Out, "Countries_by_GDP.json")));

        // With the batches that were begun with, whatever is configured now: the lines are right.
        (await workspace.RunAsync(file.Path, [.. GeneratedFile.Sum, "--max-quarantined", "1000"])).ExitsWith(0);

        var story = workspace.Json("run.json");
        Assert.InRange(story.GetProperty("batches_resumed").GetInt32(), 1, story.GetProperty("batches").GetInt32() - 1);
        Assert.Equal(file.Workspace.AnswerHashes(), workspace.AnswerHashes());
    }

    private async Task AssertSameAsync(Workspace workspace, params string[] names)
    {
        foreach (var name in names) Assert.Equal(await file.FileAsync(name), GeneratedFile.Read(workspace, name));
    }

    private static IEnumerable<string> WithoutSource(string quarantine) => quarantine.Split('\n').Select(l => l[(l.IndexOf("\"Line\"", StringComparison.Ordinal) is var at and > 0 ? at : 0)..]);

    private string[] Parts(int count)
    {
        var lines = file.Content.Text.Split('\n');
        return [.. lines.Skip(1).Chunk((lines.Length / count) + 1).Select(part => $"{lines[0]}\n{string.Join('\n', part)}")];
    }
}
