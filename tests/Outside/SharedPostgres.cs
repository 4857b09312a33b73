namespace Etl.Tests.Outside;

/// <summary>The PostgreSQL that the tests of an assembly share, started when first asked for and stopped with the process.</summary>
public static class SharedPostgres
{
    private static readonly Lazy<PostgresServer> Started = new(() =>
    {
        var server = PostgresServer.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    /// <summary>An empty database of its own for a test; its connection string. Skips the test, saying why, where there can be no server.</summary>
    public static string NewDatabase()
    {
        Require();
        return Started.Value.NewDatabase();
    }

    /// <summary>The server. Skips the test, saying why, where there can be none.</summary>
    public static PostgresServer Server()
    {
        Require();
        return Started.Value;
    }

    /// <summary>Skips the test, saying what to install, where there can be no server; fails it where nothing may be skipped.</summary>
    public static void Require()
    {
        if (PostgresServer.Missing is { } missing && Environment.GetEnvironmentVariable("ETL_TESTS_REQUIRE_ALL") == "1")
            Assert.Fail($"ETL_TESTS_REQUIRE_ALL=1, but {missing}");
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
    }
}
