using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>The server goes away, connections are cut, another process takes over: the run finishes by itself, or says why it does not.</summary>
public sealed class PostgresFaultTests(Undisturbed undisturbed) : IClassFixture<Undisturbed>
{
    private const int Killed = 137;

    // The server's absence is part of the time.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(240);

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_is_away_for_15_seconds_delays_the_run_and_nothing_else(bool crashes)
    {
        SharedPostgres.Require();
        using var server = PostgresServer.Start();
        using var workspace = new Workspace(server.NewDatabase());
        using var run = workspace.Start(Undisturbed.Page, Settings.Slow);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before the server did");

        server.Stop(crashes);
        await Task.Delay(TimeSpan.FromSeconds(15));
        server.StartAgain();

        (await run.WaitAsync(Limit)).ExitsWith(0);
        Assert.Equal(await undisturbed.AnswerHashesAsync(), workspace.AnswerHashes());
        Assert.Equal(await undisturbed.TableDumpAsync(), workspace.TableDump());
    }

    [SkippableFact]
    public async Task Connections_that_are_cut_are_made_anew()
    {
        using var workspace = new Workspace(Backend.Postgres);
        using var run = workspace.Start(Undisturbed.Page, Settings.Slow);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before it was cut");

        var cut = 0;
        for (var times = 0; times < 5; times++)
        {
            cut += SharedPostgres.Server().CutConnections(workspace.Postgres!);
            await Task.Delay(200);
        }

        Assert.True(cut > 0, "nothing was connected");
        (await run.WaitAsync(Limit)).ExitsWith(0);
        Assert.Equal(await undisturbed.AnswerHashesAsync(), workspace.AnswerHashes());
        Assert.Equal(await undisturbed.TableDumpAsync(), workspace.TableDump());
    }

    [SkippableFact]
    public async Task A_process_that_was_paused_until_another_took_over_and_finished_ends_with_75_and_changes_nothing()
    {
        using var paused = new Workspace(Backend.Postgres);
        using var other = new Workspace(paused.Postgres);
        string[] lease = ["--set", "etl.postgres.lease=3s"];
        using var run = paused.Start(Undisturbed.Page, [.. Settings.Slow, .. lease]);
        Assert.True(await run.UntilAsync(() => paused.LogMessages().Contains("Map started")), "the run ended before it was paused");
        run.Pause();

        // As long as the lease lasts, it is the paused one's.
        EtlResult taken;
        do
        {
            taken = await other.RunAsync(Undisturbed.Page, lease);
        }
        while (taken.ExitCode == 75);

        taken.ExitsWith(0);
        Assert.Contains("resuming job", taken.Error, StringComparison.Ordinal);
        Assert.Equal(await undisturbed.AnswerHashesAsync(), other.AnswerHashes());
        var journal = Journal(other);
        run.Continue();
        var stale = (await run.WaitAsync(Limit)).ExitsWith(75);

        Assert.Contains("has taken over", stale.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(paused.Out, "Countries_by_GDP.json")));
        Assert.Equal(await undisturbed.TableDumpAsync(), other.TableDump());
        Assert.Equal(journal, Journal(other));
        // Whoever comes next finds everything in order.
        (await other.RunAsync(Undisturbed.Page)).ExitsWith(0);
    }

    [SkippableFact]
    public async Task A_second_process_is_refused_with_75_and_told_who_the_first_is_and_a_dead_one_keeps_nobody_out()
    {
        using var first = new Workspace(Backend.Postgres);
        using var second = new Workspace(first.Postgres);
        using var run = first.Start(Undisturbed.Page, Settings.Slow);
        Assert.True(await run.UntilAsync(() => first.LogMessages().Contains("Map started")), "the run ended before there was a second");

        // It stands still, and so cannot end before the second one asks; its lease is good for longer than that takes.
        run.Pause();
        var refused = (await second.RunAsync(Undisturbed.Page)).ExitsWith(75);

        Assert.Contains($"process {run.Id} on {Environment.MachineName}", refused.Error, StringComparison.Ordinal);
        Assert.Contains("etl.postgres.schema", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(second.Out, "run.json")));
        run.Kill();
        (await run.WaitAsync(Limit)).ExitsWith(Killed);
        await undisturbed.GoesOnAsync(second);
    }

    [SkippableFact]
    public async Task Two_schemas_are_worked_on_at_the_same_time()
    {
        using var first = new Workspace(Backend.Postgres);
        using var second = new Workspace(first.Postgres);
        using var run = first.Start(Undisturbed.Page, Settings.Slow);
        Assert.True(await run.UntilAsync(() => first.LogMessages().Contains("Map started")), "the run ended before there was a second");

        (await second.RunAsync(Undisturbed.Page, "--set", "etl.postgres.schema=apart")).ExitsWith(0);

        (await run.WaitAsync(Limit)).ExitsWith(0);
        Assert.Equal(Tables.OfPostgres(first.Postgres!, "apart"), first.TableDump());
    }

    [SkippableFact]
    public async Task A_schema_may_have_a_name_that_is_a_word_of_SQL()
    {
        using var workspace = new Workspace(Backend.Postgres);

        (await workspace.RunAsync(Undisturbed.Page, "--set", "etl.postgres.schema=user")).ExitsWith(0);

        Assert.Contains("United States", Tables.OfPostgres(workspace.Postgres!, "\"user\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_74_and_says_where_it_was_looked_for()
    {
        using var workspace = new Workspace("Host=127.0.0.1;Port=1;Database=gdp;Username=etl;Password=" + PostgresServer.Password);

        var run = (await workspace.RunAsync(workspace.Write("page.html", Pages.Long(20)))).ExitsWith(74);

        Assert.Contains("127.0.0.1:1/gdp", run.Error, StringComparison.Ordinal);
        Assert.Contains("ETL_POSTGRES", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Out));
    }

    [Theory]
    [InlineData("--config", "hocon/postgres.conf")]
    [InlineData("--sink", "json,postgres")]
    public async Task Without_a_connection_string_it_is_2_and_says_how_to_give_one(string option, string value)
    {
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(workspace.Write("page.html", Pages.Long(20)), option, value)).ExitsWith(2);

        Assert.Contains("ETL_POSTGRES", run.Error, StringComparison.Ordinal);
        Assert.Contains("etl.postgres.connection-file", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_password_is_shown_nowhere_whatever_it_came_by()
    {
        using var workspace = new Workspace(Backend.Postgres);
        var secret = workspace.Write("secret", workspace.Postgres! + "\n");
        using var files = new Workspace();

        var given = (await workspace.RunAsync(Undisturbed.Page, "--set", "etl.phases=on")).ExitsWith(0);
        var byFile = (await files.RunAsync(Undisturbed.Page, "--sink", "json,postgres", "--set", $"etl.postgres.connection-file={secret}")).ExitsWith(0);

        foreach (var text in new[] { given.Out, given.Error, byFile.Out, byFile.Error })
            Assert.DoesNotContain(PostgresServer.Password, text, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(workspace.Out).Concat(Directory.EnumerateFiles(files.Out)))
            Assert.DoesNotContain(PostgresServer.Password, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Contains("***", workspace.Json("run.json").GetProperty("settings").GetProperty("etl.postgres.connection-string").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(files.Out, ".etl", "journal.db")), "the sink alone moves no journal");
    }

    private static string Journal(Workspace workspace) => string.Join('\n', PostgresServer.Query(
        workspace.Postgres!, "SELECT persistence_id, sequence_number, manifest FROM etl.journal ORDER BY ordering").Select(row => string.Join(' ', row)));
}
