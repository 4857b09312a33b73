using System.Diagnostics;
using Etl.Tests.Outside;
using Npgsql;

namespace Etl.Recovery.Tests;

/// <summary>The tests' own PostgreSQL does what they rely on.</summary>
public sealed class PostgresServerTests
{
    [SkippableFact]
    public void Data_survive_a_stop_and_a_crash_of_the_server_and_connections_can_be_cut()
    {
        SharedPostgres.Require();
        using var server = PostgresServer.Start();
        var database = server.NewDatabase();
        PostgresServer.Execute(database, "create table t (n int); insert into t values (1), (2)");

        foreach (var atOnce in new[] { false, true })
        {
            server.Stop(atOnce);
            Assert.ThrowsAny<NpgsqlException>(() => PostgresServer.Query(database, "select 1"));
            server.StartAgain();
            Assert.Equal([1, 2], PostgresServer.Query(database, "select n from t order by n").Select(row => row[0]));
        }

        Assert.Equal("on", PostgresServer.Query(database, "show fsync")[0][0]);
        using var open = new NpgsqlConnection(database + ";Pooling=false");
        open.Open();
        Assert.Equal(1, server.CutConnections(database));
        using var command = new NpgsqlCommand("select 1", open);
        Assert.ThrowsAny<NpgsqlException>(() => command.ExecuteScalar());
    }

    [SkippableFact]
    public void Nothing_stays_of_a_server_that_is_let_go()
    {
        SharedPostgres.Require();
        string data;
        int server;
        using (var started = PostgresServer.Start())
        {
            data = (string)PostgresServer.Query(started.ConnectionString("postgres"), "show data_directory")[0][0]!;
            server = int.Parse(File.ReadLines(Path.Combine(data, "postmaster.pid")).First());
        }

        Assert.False(Directory.Exists(data));
        Assert.DoesNotContain(Process.GetProcesses(), p => p.Id == server);
    }
}
