using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>Answers and recovery are the same whether journal and tables are in files or on PostgreSQL.</summary>
public sealed class BackendTests(Undisturbed undisturbed, UndisturbedFile undisturbedFile)
    : IClassFixture<Undisturbed>, IClassFixture<UndisturbedFile>
{
    private const int Killed = 137;

    private static readonly string[] Sum = ["--year", "all", "--duplicates", "sum"];

    // In the middle of the work, around every write, before and after each sink, and at the very end.
    private static readonly string[] Faults =
    [
        "map-batch:7", "before-persist:9", "after-persist:9", "after-ack:9", "after-complete:6", "before-load:1", "after-sink:1", "after-sink:3",
        "before-run-json:1", "before-finish:1",
    ];

    public static TheoryData<Backend, string> Kills
    {
        get
        {
            var kills = new TheoryData<Backend, string>();
            foreach (var backend in new[] { Backend.Sqlite, Backend.Postgres })
                foreach (var fault in Faults) kills.Add(backend, fault);
            return kills;
        }
    }

    [SkippableFact]
    public async Task The_tables_on_PostgreSQL_are_those_of_the_file()
    {
        using var workspace = new Workspace(Backend.Postgres);

        var run = (await workspace.RunAsync(Undisturbed.Page)).ExitsWith(0);

        Assert.Equal(await undisturbed.AnswerHashesAsync(), workspace.AnswerHashes());
        Assert.Equal(await undisturbed.TableDumpAsync(), workspace.TableDump());
        Assert.Contains("SQL agrees", run.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(workspace.Out, "World_Economies.db")));
        Assert.False(File.Exists(Path.Combine(workspace.Out, ".etl", "journal.db")));
        var exact = PostgresServer.Query(workspace.Postgres!, """SELECT count(*) FROM etl."Countries_by_GDP" WHERE "GDP_USD_million" <> "GDP_USD_million_exact"::numeric""");
        Assert.Equal(0L, exact[0][0]);
    }

    [SkippableTheory]
    [MemberData(nameof(Kills))]
    public async Task A_kill_is_resumed_to_the_same_bytes_and_tables(Backend backend, string fault)
    {
        using var workspace = new Workspace(backend);
        (await workspace.RunAsync(Undisturbed.Page, [.. Settings.Steps, .. Settings.Fault(fault)])).ExitsWith(Killed);

        var (run, resumed, batches) = await undisturbed.GoesOnAsync(workspace, Settings.Steps);

        Assert.Contains($"{resumed} of {batches} batches were already done", run.Error, StringComparison.Ordinal);
        Assert.Equal(await undisturbed.TableDumpAsync(), workspace.TableDump());
    }

    [SkippableTheory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.Postgres)]
    public async Task A_file_of_records_is_resumed_twice_to_the_same_bytes_and_tables(Backend backend)
    {
        using var workspace = new Workspace(backend);
        string[] steps = [.. Sum, .. Settings.FileSteps("64KiB")];
        (await workspace.RunAsync(undisturbedFile.Path, [.. steps, .. Settings.Fault("after-persist:30")])).ExitsWith(Killed);
        (await workspace.RunAsync(undisturbedFile.Path, [.. steps, .. Settings.Fault("after-complete:4")])).ExitsWith(Killed);

        var run = (await workspace.RunAsync(undisturbedFile.Path, Sum)).ExitsWith(0);

        Assert.Contains("resuming job", run.Error, StringComparison.Ordinal);
        var (tables, hashes) = await undisturbedFile.AnswerAsync();
        Assert.Equal(hashes, workspace.AnswerHashes());
        Assert.Equal(tables, workspace.TableDump());
    }

    [SkippableTheory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.Postgres)]
    public async Task What_was_loaded_is_not_loaded_again_unless_it_is_not_there_any_more(Backend backend)
    {
        using var workspace = new Workspace(backend);
        (await workspace.RunAsync(Undisturbed.Page, Settings.Fault("before-finish:1"))).ExitsWith(Killed);
        var countries = Path.Combine(workspace.Out, "Countries_by_GDP.json");
        var quarantine = Path.Combine(workspace.Out, "quarantine.jsonl");
        // Whoever writes a file sets its time; whoever loads tables adds a run.
        var before = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(countries, before);
        File.AppendAllText(quarantine, "tampered with\n");

        await undisturbed.GoesOnAsync(workspace);

        Assert.Equal(before, File.GetLastWriteTimeUtc(countries));
        Assert.Equal(await undisturbed.TableDumpAsync(), workspace.TableDump());
        Assert.Single(RunsOf(workspace));
        Assert.DoesNotContain(workspace.Json("run.json").GetProperty("run_id").GetString(), RunsOf(workspace));
        var names = workspace.Json("run.json").GetProperty("files").EnumerateObject().Select(f => f.Name).ToArray();
        Assert.Superset(new HashSet<string>(["Countries_by_GDP.json", "Region_Top.json", "quarantine.jsonl"]), names.ToHashSet());
    }

    [SkippableTheory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.Postgres)]
    public async Task Another_place_is_loaded_whatever_the_first_one_holds(Backend backend)
    {
        using var workspace = new Workspace(backend);
        (await workspace.RunAsync(Undisturbed.Page, Settings.Fault("before-finish:1"))).ExitsWith(Killed);
        var other = workspace.In("elsewhere");

        (await EtlProcess.RunAsync(
            ["run", Undisturbed.Page, "--out", other, "--state", Path.Combine(workspace.Out, ".etl"), .. workspace.BackendOptions])).ExitsWith(0);

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(workspace.Out, "Region_Top.json")), await File.ReadAllBytesAsync(Path.Combine(other, "Region_Top.json")));
    }

    private static string?[] RunsOf(Workspace workspace)
    {
        const string sql = """SELECT "Run_Id" FROM "Runs" """;
        if (workspace.Postgres is { } postgres) return [.. PostgresServer.Query(postgres, "SET search_path TO etl; " + sql).Select(row => (string?)row[0])];
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(workspace.Out, "World_Economies.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var runs = new List<string?>();
        while (reader.Read()) runs.Add(reader.GetString(0));
        return [.. runs];
    }
}
