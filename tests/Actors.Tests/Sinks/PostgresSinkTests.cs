using Etl.Actors.Hosting;
using Etl.Actors.Load.Sinks;
using Etl.Domain;
using Etl.Domain.Load;
using Etl.Domain.Map;
using Etl.Tests.Outside;
using Npgsql;

namespace Etl.Actors.Tests.Sinks;

/// <summary>Tables on a server: loaded whole or not at all, by whoever holds the lease; and the lease itself.</summary>
public sealed class PostgresSinkTests : IDisposable
{
    private readonly TempDirectory directory = new();

    [SkippableFact]
    public async Task A_load_replaces_the_answer_and_adds_a_run_and_every_text_and_digit_survives()
    {
        await using var lease = PostgresLease.Take(Settings(out var database));
        var strange = new Rejection(new(0, 7), null, "Country\t", "a\\b\n\\.\r\tc \0 \U0001F600 'x'", "unknown country");
        var exact = Samples.World.Select(r => r.Code.ToString() == "XKX" ? r with { Gdp = new(Int128.Parse("123456789012345678901234567890")) } : r).ToList();
        await LoadAsync(lease.Place, Samples.Report(Samples.World));
        var result = await LoadAsync(lease.Place, Samples.Report(exact, rejections: [strange]), run: 2);

        Assert.StartsWith("SQL agrees", result.CrossCheck, StringComparison.Ordinal);
        Assert.Equal(Samples.World.Count, Count(database, "Countries_by_GDP"));
        Assert.Equal(2L, Count(database, "Runs"));
        Assert.Equal(
            "123456789012.34567890123456789",
            PostgresServer.Query(database, """SELECT trim_scale("GDP_USD_million")::text FROM etl."Countries_by_GDP" WHERE "Code" = 'XKX'""")[0][0]);
        var row = PostgresServer.Query(database, """SELECT "Column", "Text", "Row" FROM etl."Quarantine" """)[0];
        Assert.Equal(["Country\t", "a\\b\n\\.\r\tc \uFFFD \U0001F600 'x'", 7L], row);
    }

    [SkippableFact]
    public async Task A_disagreement_of_SQL_or_a_foreign_table_leaves_what_was_there()
    {
        await using var lease = PostgresLease.Take(Settings(out var database));
        var good = Samples.Report(Samples.World);
        await LoadAsync(lease.Place, good);
        var before = Content(database);
        var wrong = good with { Regions = good.Regions.Select(r => r.Region == "Asia" ? r with { Average = "325.47" } : r).ToEquatableArray() };

        var disagrees = await Assert.ThrowsAsync<SinkException>(() => LoadAsync(lease.Place, wrong, run: 2));
        Assert.Equal((1, false), (disagrees.ExitCode, disagrees.IsTransient));
        Assert.Contains("the average of Asia is 325.47 in the report", disagrees.Message, StringComparison.Ordinal);
        Assert.Equal(before, Content(database));

        PostgresServer.Execute(database, """ALTER TABLE etl."Quarantine" ADD COLUMN mine text""");
        var foreign = await Assert.ThrowsAsync<SinkException>(() => LoadAsync(lease.Place, good, run: 2));
        Assert.Contains("etl.postgres.schema", foreign.Message, StringComparison.Ordinal);
        Assert.Equal(before, Content(database));
    }

    [SkippableFact]
    public async Task Who_was_overtaken_can_neither_load_nor_write_to_the_journal_nor_delete_from_it()
    {
        var settings = Settings(out var database);
        await using var stale = PostgresLease.Take(settings);
        await LoadAsync(stale.Place, Samples.Report(Samples.World));
        Write(stale.Place, 1);
        // As if it had not answered for as long as its lease lasts.
        PostgresServer.Execute(database, "UPDATE etl.lease SET expires_at = '-infinity'");
        await using var next = PostgresLease.Take(settings);
        Write(next.Place, 2);
        await LoadAsync(next.Place, Samples.Report([Samples.World[0]]), run: 2);
        var before = Content(database);
        // Its connections were cut: it makes new ones, as the program does, which tries again what passes.
        Assert.Equal(75, Assert.Throws<SinkException>(stale.Check).ExitCode);
        NpgsqlConnection.ClearAllPools();

        var late = await Assert.ThrowsAsync<SinkException>(() => LoadAsync(stale.Place, Samples.Report(Samples.World), run: 3));
        Assert.Equal((75, false), (late.ExitCode, late.IsTransient));
        Assert.Contains("has taken over", late.Message, StringComparison.Ordinal);
        Assert.Equal(PostgresErrors.LeaseLost, Assert.Throws<PostgresException>(() => Write(stale.Place, 3)).SqlState);
        Assert.Equal(PostgresErrors.LeaseLost, Assert.Throws<PostgresException>(() => Journal(stale.Place, "DELETE FROM etl.journal")).SqlState);
        Assert.Equal(75, PostgresErrors.Of(stale.Place, new PostgresException("", "", "", PostgresErrors.LeaseLost)).ExitCode);
        Assert.Equal(before, Content(database));
        Assert.Equal(2L, Count(database, "journal"));
        Assert.Contains("has taken over", await stale.Lost.WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_lease_is_renewed_given_back_and_refused_as_long_as_its_holder_lives()
    {
        var settings = Settings(out var database, "1s");
        var first = PostgresLease.Take(settings);
        var refused = Assert.Throws<RunException>(() => PostgresLease.Take(settings));
        Assert.Equal(75, refused.ExitCode);
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refused.Message, StringComparison.Ordinal);
        var expiry = Expiry(database);
        // Also when its connections are cut: they are made anew, and nobody has taken over.
        SharedPostgres.Server().CutConnections(database);
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); Expiry(database) <= expiry; await Task.Delay(50))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "the lease was not renewed");
        first.Check();
        await first.DisposeAsync();
        await using var second = PostgresLease.Take(settings);
        Assert.Equal(first.Place.Epoch + 1, second.Place.Epoch);
    }

    [SkippableFact]
    public async Task What_is_still_there_is_known_by_its_hash_and_by_the_place()
    {
        await using var lease = PostgresLease.Take(Settings(out _));
        var (sink, input) = (new PostgresSink(lease.Place), Samples.Input(Samples.Report(Samples.World), directory));
        var loaded = new LoadedPlace(sink.Target(input), input.Answer, [], null);
        Assert.False(sink.Holds(input, loaded));
        await sink.LoadAsync(input, default);
        Assert.True(sink.Holds(input, loaded));
        var other = Samples.Input(Samples.Report([Samples.World[0]]), directory);
        await sink.LoadAsync(other, default);
        Assert.NotEqual(input.Answer, other.Answer);
        Assert.False(sink.Holds(input, loaded));
    }

    [Theory]
    [InlineData("Host=a;Password=x y;Username=u")]
    [InlineData("host=a;PWD=x y")]
    [InlineData("Host=a;SSL Password=x y")]
    [InlineData("x y")]
    public void A_password_is_never_shown(string connectionString) =>
        Assert.DoesNotContain("x y", PostgresSettings.Masked(connectionString), StringComparison.Ordinal);

    public void Dispose() => directory.Dispose();

    private static PostgresSettings Settings(out string database, string lease = "30s")
    {
        database = SharedPostgres.NewDatabase();
        return PostgresSettings.From(
            EtlConfig.Compose([], [new(PostgresSettings.ConnectionKey, database), new("etl.postgres.lease", lease)], ""), null);
    }

    private Task<SinkResult> LoadAsync(PostgresPlace place, Report report, int run = 1) =>
        new PostgresSink(place).LoadAsync(Samples.Input(report, directory, run), default);

    private static void Write(PostgresPlace place, int number) => Journal(place,
        $"INSERT INTO etl.journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, false, 'job', {number}, '')");

    private static void Journal(PostgresPlace place, string sql)
    {
        using var connection = place.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static long Count(string database, string table) => (long)PostgresServer.Query(database, $"SELECT count(*) FROM etl.\"{table}\"")[0][0]!;

    private static string Content(string database) => string.Join('\n', PostgresServer.Query(
        database, """SELECT "Code", "GDP_USD_million" FROM etl."Countries_by_GDP" UNION ALL SELECT "Run_Id", 0 FROM etl."Runs" ORDER BY 1""")
        .Select(row => string.Join(' ', row)));

    private static DateTime Expiry(string database) => (DateTime)PostgresServer.Query(database, "SELECT expires_at FROM etl.lease")[0][0]!;
}
