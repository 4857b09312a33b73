using System.Security.Cryptography;
using System.Text;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Extract, transform and load as three processes come to the bytes of one run, and refuse what is not as it was written.</summary>
public sealed class StageTests
{
    private const int Killed = 137;
    private const string Sinks = "json,sqlite,html,csv,ndjson,parquet,markdown";

    [Fact]
    public async Task Three_processes_come_to_the_bytes_of_one_on_the_bundled_page()
    {
        using var workspace = new Workspace();
        await SameAsync(workspace, [], ["--regions", "un-region", "--top", "3"]);
    }

    [Fact]
    public async Task And_on_files_of_records_with_rows_that_are_set_aside()
    {
        using var workspace = new Workspace();
        var plain = workspace.Write("a.csv", Contributions.Of(20_000, seed: 3).Bytes);
        var packed = workspace.Write("b.csv.gz", Compressed.Gzip(Contributions.Of(5_000, seed: 4).Bytes));
        await SameAsync(workspace, [plain, packed], ["--year", "all", "--duplicates", "sum"]);
    }

    [SkippableFact]
    public async Task And_on_a_publishers_series()
    {
        using var workspace = new Workspace();
        await SameAsync(workspace, [SharedData.In("imf", "WEO_Data-2021-tushark01.xls")], []);
    }

    [Fact]
    public async Task Each_stage_that_is_killed_is_run_again_and_each_that_is_repeated_changes_nothing()
    {
        using var workspace = new Workspace();
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        var page = workspace.Write("page.html", Pages.Of(Pages.Rows));
        (await workspace.RunAsync(page)).ExitsWith(0);

        foreach (var fault in new[] { "before-rename:1", "after-rename:1", "before-rename:1" })
        {
            (await EtlProcess.RunAsync("extract", page, "--out", e, "--set", $"etl.fault={fault}")).ExitsWith(Killed);
            Assert.Contains("has no manifest.json", (await EtlProcess.RunAsync("transform", e, "--out", t)).ExitsWith(2).Error, StringComparison.Ordinal);
        }

        (await EtlProcess.RunAsync("extract", page, "--out", e)).ExitsWith(0);
        var extracted = Hashes(e);
        Assert.Contains("the folder held all of it already", (await EtlProcess.RunAsync("extract", page, "--out", e)).ExitsWith(0).Out, StringComparison.Ordinal);
        Assert.Equal(extracted, Hashes(e));
        File.Delete(Path.Combine(e, "rows.ndjson"));
        Assert.DoesNotContain("the folder held all of it already", (await EtlProcess.RunAsync("extract", page, "--out", e)).ExitsWith(0).Out, StringComparison.Ordinal);
        Assert.Equal(extracted, Hashes(e));

        (await EtlProcess.RunAsync(["transform", e, "--out", t, .. Settings.Steps, .. Settings.Fault("after-complete:1")])).ExitsWith(Killed);
        Assert.Contains("has no manifest.json", (await LoadAsync(workspace, t)).ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.Contains("resuming job", (await EtlProcess.RunAsync(["transform", e, "--out", t, .. Settings.Steps])).ExitsWith(0).Error, StringComparison.Ordinal);

        foreach (var fault in new[] { "before-sink:1", "before-rename:2", "before-commit:1", "after-sink:2", "before-run-json:1" })
        {
            (await EtlProcess.RunAsync("load", t, "--out", workspace.In("loaded"), "--set", $"etl.fault={fault}")).ExitsWith(Killed);
            Assert.False(File.Exists(workspace.In("loaded", "run.json")), fault);
        }

        (await LoadAsync(workspace, t)).ExitsWith(0);
        var loaded = Answers(workspace.In("loaded"));
        Assert.Equal(Answers(workspace.Out), loaded);
        (await LoadAsync(workspace, t)).ExitsWith(0);
        Assert.Equal(loaded, Answers(workspace.In("loaded")));
    }

    [Fact]
    public async Task An_extract_that_is_repeated_takes_nothing_from_a_transform_that_was_killed()
    {
        using var workspace = new Workspace();
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        var data = workspace.Write("a.csv", Contributions.Of(20_000, seed: 3).Bytes);
        string[] options = ["--year", "all", "--duplicates", "sum", "--set", "etl.extract.batch-bytes=16KiB"];
        (await EtlProcess.RunAsync("extract", data, "--out", e)).ExitsWith(0);
        (await EtlProcess.RunAsync(["transform", e, "--out", t, .. options, .. Settings.Steps, .. Settings.Fault("after-complete:3")])).ExitsWith(Killed);
        (await EtlProcess.RunAsync("extract", data, "--out", e)).ExitsWith(0);
        // Moved, too: the same content is the same input.
        Directory.Move(e, workspace.In("moved"));
        Assert.Contains("resuming job", (await EtlProcess.RunAsync(["transform", workspace.In("moved"), "--out", t, .. options])).ExitsWith(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transform_is_resumed_as_one_also_by_resume()
    {
        using var workspace = new Workspace();
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        (await EtlProcess.RunAsync("extract", workspace.Write("page.html", Pages.Of(Pages.Rows)), "--out", e)).ExitsWith(0);
        (await EtlProcess.RunAsync(["transform", e, "--out", t, .. Settings.Steps, .. Settings.Fault("after-complete:1")])).ExitsWith(Killed);
        (await EtlProcess.RunAsync("resume", "--out", t)).ExitsWith(0);
        (await LoadAsync(workspace, t)).ExitsWith(0);
    }

    [Fact]
    public async Task A_folder_of_another_stage_is_not_written_into()
    {
        using var workspace = new Workspace();
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        (await EtlProcess.RunAsync("extract", "--out", e)).ExitsWith(0);
        var before = Hashes(e);
        Assert.Contains("which would be lost", (await EtlProcess.RunAsync("transform", e, "--out", e)).ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, Hashes(e));
        (await EtlProcess.RunAsync("transform", e, "--out", t)).ExitsWith(0);
        Assert.Contains("which would be lost", (await EtlProcess.RunAsync("extract", "--out", t)).ExitsWith(2).Error, StringComparison.Ordinal);
        (await LoadAsync(workspace, t)).ExitsWith(0);
    }

    [Fact]
    public async Task What_was_said_to_extract_need_not_be_said_again_and_cannot_be_said_otherwise()
    {
        using var workspace = new Workspace();
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        (await EtlProcess.RunAsync("extract", "--out", e, "--publisher", "un")).ExitsWith(0);
        (await EtlProcess.RunAsync("transform", e, "--out", t)).ExitsWith(0);
        (await EtlProcess.RunAsync("run", "--out", workspace.Out, "--publisher", "un")).ExitsWith(0);
        (await LoadAsync(workspace, t)).ExitsWith(0);
        Assert.Equal(Answers(workspace.Out), Answers(workspace.In("loaded")));
        using (var manifest = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(t, "manifest.json"))))
            Assert.Equal("UnitedNations", manifest.RootElement.GetProperty("answer").GetProperty("options").GetProperty("publisher").GetString());

        (await EtlProcess.RunAsync("extract", "--out", e, "--as-of", "2025-12-30")).ExitsWith(0);
        Assert.Contains("was extracted with --as-of 2025-12-30, and --as-of 2024-01-01 is asked for now",
            (await EtlProcess.RunAsync("transform", e, "--out", t, "--as-of", "2024-01-01")).ExitsWith(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manifest_tells_what_each_input_was()
    {
        using var workspace = new Workspace();
        var packed = Compressed.Gzip(Contributions.Of(5_000, seed: 4).Bytes);
        (await EtlProcess.RunAsync("extract", workspace.Write("b.csv.gz", packed), "--out", workspace.In("E"), "--year", "2020")).ExitsWith(0);
        using var manifest = System.Text.Json.JsonDocument.Parse(File.ReadAllText(workspace.In("E", "manifest.json")));
        var input = manifest.RootElement.GetProperty("inputs")[0];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(packed)), input.GetProperty("sha256").GetString());
        Assert.Equal((packed.Length, "gzip", "data-1.csv"), (input.GetProperty("bytes").GetInt32(), input.GetProperty("compression").GetString(), input.GetProperty("file").GetString()));
        Assert.Equal("2020", manifest.RootElement.GetProperty("options").GetProperty("year").GetString());
    }

    [Fact]
    public async Task A_sink_that_fails_leaves_the_others_and_a_story_that_does_not_vouch_for_what_is_gone()
    {
        using var workspace = new Workspace();
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        (await EtlProcess.RunAsync("extract", "--out", e)).ExitsWith(0);
        (await EtlProcess.RunAsync("transform", e, "--out", t)).ExitsWith(0);
        Directory.CreateDirectory(workspace.In("loaded"));
        workspace.Write(Path.Combine("loaded", "World_Economies.db"), "not a database of ours, whatever its name says"u8.ToArray());
        (await LoadAsync(workspace, t)).ExitsWith(1);
        using var story = System.Text.Json.JsonDocument.Parse(File.ReadAllText(workspace.In("loaded", "run.json")));
        Assert.Equal("failed", story.RootElement.GetProperty("status").GetString());
        Assert.True(File.Exists(workspace.In("loaded", "Region_Top.json")));
    }

    [Theory]
    [InlineData("a byte of the manifest", 1, "its text and its seal differ")]
    [InlineData("rows cut off", 1, "rows were cut off or added")]
    [InlineData("a byte of the rows", 1, "its hash is another than the manifest's")]
    [InlineData("a file is missing", 2, "is missing, and the manifest names it")]
    [InlineData("a newer version", 2, "has version 2 of etl-extract, and this program reads version 1")]
    [InlineData("a newer version, unsealed", 2, "has version 2 of etl-extract, and this program reads version 1")]
    [InlineData("a mark at the beginning", 1, "its text and its seal differ")]
    [InlineData("a property is missing", 1, "is not as etl extract writes it")]
    [InlineData("another stage", 2, "is of etl-transform, and etl-extract is needed")]
    [InlineData("no manifest", 2, "has no manifest.json")]
    [InlineData("no folder", 2, "there is no folder")]
    public async Task What_is_not_as_it_was_written_is_refused_and_nothing_is_written(string damage, int exitCode, string reason)
    {
        using var workspace = new Workspace();
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        (await EtlProcess.RunAsync("extract", workspace.Write("page.html", Pages.Of(Pages.Rows)), "--out", e)).ExitsWith(0);
        var (manifest, rows) = (Path.Combine(e, "manifest.json"), Path.Combine(e, "rows.ndjson"));
        var text = File.ReadAllText(manifest);
        switch (damage)
        {
            case "a byte of the manifest":
                File.WriteAllText(manifest, text.Replace("\"rows\": ", "\"rows\":  ", StringComparison.Ordinal));
                break;
            case "rows cut off":
                File.WriteAllLines(rows, File.ReadAllLines(rows)[..^1]);
                break;
            case "a byte of the rows":
                var bytes = File.ReadAllBytes(rows);
                bytes[^5] ^= 1;
                File.WriteAllBytes(rows, bytes);
                break;
            case "a file is missing":
                File.Delete(rows);
                break;
            case "a newer version":
                File.WriteAllText(manifest, Sealed(text.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal)));
                break;
            case "a newer version, unsealed":
                File.WriteAllText(manifest, text.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
                break;
            case "a mark at the beginning":
                File.WriteAllText(manifest, text, new UTF8Encoding(true));
                break;
            case "a property is missing":
                File.WriteAllText(manifest, Sealed(text.Replace("\"kind\"", "\"sort\"", StringComparison.Ordinal)));
                break;
            case "another stage":
                File.WriteAllText(manifest, Sealed(text.Replace("etl-extract", "etl-transform", StringComparison.Ordinal)));
                break;
            case "no manifest":
                File.Delete(manifest);
                break;
            default:
                Directory.Delete(e, recursive: true);
                break;
        }

        var refused = (await EtlProcess.RunAsync("transform", e, "--out", t)).ExitsWith(exitCode);

        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(t));
    }

    private static async Task SameAsync(Workspace workspace, string[] inputs, string[] options)
    {
        var (e, t) = (workspace.In("E"), workspace.In("T"));
        (await EtlProcess.RunAsync(["run", .. inputs, "--out", workspace.Out, .. options, "--sink", Sinks])).ExitsWith(0);

        (await EtlProcess.RunAsync(["extract", .. inputs, "--out", e])).ExitsWith(0);
        (await EtlProcess.RunAsync(["transform", e, "--out", t, .. options])).ExitsWith(0);
        (await EtlProcess.RunAsync("load", t, "--out", workspace.In("loaded"), "--sink", Sinks)).ExitsWith(0);

        string[] files = [.. Workspace.Answers, "report.html", "Countries_by_GDP.csv", "Countries_by_GDP.ndjson", "Countries_by_GDP.parquet", "Countries_by_GDP.md"];
        Assert.All(files, name => Assert.Equal((name, Hash(Path.Combine(workspace.Out, name))), (name, Hash(Path.Combine(workspace.In("loaded"), name)))));
        Assert.Equal(Tables.OfSqlite(Path.Combine(workspace.Out, "World_Economies.db")), Tables.OfSqlite(Path.Combine(workspace.In("loaded"), "World_Economies.db")));
    }

    private static Task<EtlResult> LoadAsync(Workspace workspace, string folder) => EtlProcess.RunAsync("load", folder, "--out", workspace.In("loaded"));

    private static string Answers(string folder) => string.Join('\n', Workspace.Answers.Select(name => $"{name} {Hash(Path.Combine(folder, name))}"));

    private static string Hashes(string folder) =>
        string.Join('\n', Directory.EnumerateFiles(folder).Where(f => !f.EndsWith("log.txt", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Hash(file)}"));

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string Sealed(string manifest)
    {
        var at = manifest.LastIndexOf("\n  \"seal\"", StringComparison.Ordinal);
        return $"{manifest[..at]}\n  \"seal\": \"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest[..at])))}\"\n}}\n";
    }
}
