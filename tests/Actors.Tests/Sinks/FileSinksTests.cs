using System.Security.Cryptography;
using System.Text;
using Etl.Actors.Load.Sinks;

namespace Etl.Actors.Tests.Sinks;

/// <summary>What every sink of files keeps, whatever its format.</summary>
public sealed class FileSinksTests
{
    public static TheoryData<string> Names => [.. SinkCatalog.Names.Except([SinkCatalog.Postgres, "sqlite"])];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Loading_twice_is_loading_once_and_the_hashes_are_of_the_files(string name)
    {
        using var directory = new TempDirectory();
        using var elsewhere = new TempDirectory();
        var first = await LoadAsync(name, directory);
        var second = await LoadAsync(name, directory, run: 2);
        await LoadAsync(name, elsewhere, run: 3);

        Assert.Equal(first.Files.AsEnumerable(), second.Files);
        Assert.Equal(first.Files.Select(f => f.Name).Order(StringComparer.Ordinal), directory.Names());
        Assert.All(second.Files, file =>
        {
            var bytes = File.ReadAllBytes(directory.File(file.Name));
            Assert.Equal((bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))), (file.Bytes, file.Sha256));
            Assert.Equal(bytes, File.ReadAllBytes(elsewhere.File(file.Name)));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Who_has_lost_the_lease_replaces_nothing(string name)
    {
        using var directory = new TempDirectory();
        var written = await LoadAsync(name, directory);
        var other = new SinkInput(Samples.Report([Samples.World[0]]), Samples.Facts(), directory.Path, new LostLease());

        Assert.Equal(75, (await Assert.ThrowsAsync<SinkException>(() => Sink(name).LoadAsync(other, default))).ExitCode);
        Assert.Equal(written.Files.Select(f => f.Name).Order(StringComparer.Ordinal), directory.Names());
        Assert.True(AtomicFile.Hold(directory.Path, written.Files));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_place_that_cannot_be_written_is_told_with_the_exit_code_of_disks(string name)
    {
        using var directory = new TempDirectory();
        var missing = new SinkInput(Samples.Report(Samples.World), Samples.Facts(), directory.File("missing"));

        Assert.Equal(74, (await Assert.ThrowsAsync<SinkException>(() => Sink(name).LoadAsync(missing, default))).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_was_cancelled_replaces_nothing(string name)
    {
        using var directory = new TempDirectory();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Sink(name).LoadAsync(Samples.Input(Samples.Report(Samples.World), directory), new(canceled: true)));
        Assert.Empty(directory.Names());
    }

    [Fact]
    public async Task Csv_is_these_bytes()
    {
        using var directory = new TempDirectory();
        var formula = Samples.Row("=HYPERLINK(\"http://x\")", "XKX", "@home, sweet", null, -0.5m, 8);
        await new CsvSink().LoadAsync(Samples.Input(Samples.Report([.. Samples.World.Take(5), formula]), directory), default);

        Assert.Equal(
            Lines(
                "Country,Code,Region,Year,GDP_USD_billion,GDP_USD_million,Rank",
                "United States,USA,North America,2025,30337.16,30337162,1",
                "Türkiye,TUR,Asia,2025,550.90,550905,2",
                "Canada,CAN,North America,2024,100.00,100000,3",
                "서울,KOR,Asia,,100.00,100000,3",
                "Côte d'Ivoire,CIV,Africa,2025,100.00,99995.000001,5",
                "\"'=HYPERLINK(\"\"http://x\"\")\",XKX,\"'@home, sweet\",,0.00,-0.5,8"),
            Text(directory, CsvSink.CountriesFile));
        Assert.Equal(
            Lines(
                "Region,Year_From,Year_To,Top,Average_GDP_USD_billion,Sum_exact,Countries,Codes",
                "\"'@home, sweet\",,,2,0.00,-0.0005,\"'=HYPERLINK(\"\"http://x\"\")\",XKX",
                "Africa,2025,2025,2,100.00,99.995000001,Côte d'Ivoire,CIV",
                "Asia,2025,2025,2,325.45,650.905,Türkiye; 서울,TUR KOR",
                "North America,2024,2025,2,15218.58,30437.162,United States; Canada,USA CAN"),
            Text(directory, CsvSink.RegionsFile));
    }

    [Theory]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("'=1", "'=1")]
    public void A_text_that_begins_a_formula_has_an_apostrophe_before_it(string text, string field) => Assert.Equal(field, CsvText.Text(text));

    [Fact]
    public async Task Json_lines_are_the_objects_of_the_json_files()
    {
        using var directory = new TempDirectory();
        var input = Samples.Input(Samples.Report(Samples.World), directory);
        await new NdjsonSink().LoadAsync(input, default);
        await new JsonSink().LoadAsync(input, default);

        foreach (var (lines, document) in new[] { (NdjsonSink.CountriesFile, JsonSink.CountriesFile), (NdjsonSink.RegionsFile, JsonSink.RegionsFile) })
        {
            var text = Text(directory, lines);
            Assert.EndsWith("}\n", text, StringComparison.Ordinal);
            using var whole = System.Text.Json.JsonDocument.Parse($"[{string.Join(',', text.TrimEnd('\n').Split('\n'))}]");
            using var expected = System.Text.Json.JsonDocument.Parse(Text(directory, document));
            Assert.Equal(expected.RootElement.EnumerateArray().Select(Compact), whole.RootElement.EnumerateArray().Select(e => e.GetRawText().Replace("\\u003C", "<")));
        }

        static string Compact(System.Text.Json.JsonElement element) => JsonText.Compact(element.WriteTo).Replace("\\u003C", "<");
    }

    [Fact]
    public async Task Markdown_is_these_bytes()
    {
        using var directory = new TempDirectory();
        await new MarkdownSink().LoadAsync(Samples.Input(Samples.Report([Samples.World[0], Samples.World[6] with { Region = "A|B\n#" }]), directory), default);

        Assert.Equal(
            """
            | Rank | Country | Code | Region | Year | GDP_USD_billion | GDP_USD_million |
            |---:|---|---|---|---|---:|---:|
            | 1 | United States | USA | North America | 2025 | 30337.16 | 30337162 |
            | 7 | The "Other" \</script\> \& co | XKX | A\|B # | 2025 | 6.95 | 6946.5 |

            """.ReplaceLineEndings("\n"),
            Text(directory, MarkdownSink.CountriesFile));
        Assert.Equal(
            """
            | Region | Year_From | Year_To | Top | Average_GDP_USD_billion | Sum_exact | Countries |
            |---|---|---|---:|---:|---:|---|
            | A\|B # | 2025 | 2025 | 2 | 6.95 | 6.9465 | The "Other" \</script\> \& co |
            | North America | 2025 | 2025 | 2 | 30337.16 | 30337.162 | United States |

            """.ReplaceLineEndings("\n"),
            Text(directory, MarkdownSink.RegionsFile));
    }

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\r\n"));

    private static string Text(TempDirectory directory, string name) => Encoding.UTF8.GetString(File.ReadAllBytes(directory.File(name)));

    private static ISink Sink(string name) => SinkCatalog.Of([name])[^1];

    private static Task<SinkResult> LoadAsync(string name, TempDirectory directory, int run = 1) =>
        Sink(name).LoadAsync(Samples.Input(Samples.Report(Samples.World), directory, run), default);

    private sealed class LostLease : IRunLease
    {
        public void Check() => throw SinkException.InUse("another process has taken over");
    }
}
