using System.Globalization;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Load;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Tests.Sinks;

/// <summary>Loads the database of a test's directory, and asks it.</summary>
internal static class Database
{
    public static Task<SinkResult> LoadAsync(TempDirectory directory, Report report, int run = 1) =>
        new SqliteSink(TimeSpan.FromSeconds(1)).LoadAsync(Samples.Input(report, directory, run), default);

    public static string[] Contents(TempDirectory directory) =>
    [
        .. new[] { "Countries_by_GDP", "Region_Top", "Region_Top_SQL", "Quarantine" }
            .SelectMany(table => Query(directory, $"SELECT * FROM {table}").Select(row => table + "|" + row)),
    ];

    public static SqliteConnection Open(TempDirectory directory)
    {
        var connection = new SqliteConnection($"Data Source={directory.File(SqliteSink.FileName)};Pooling=False");
        connection.Open();
        return connection;
    }

    public static string[] Query(TempDirectory directory, string sql)
    {
        using var connection = Open(directory);
        return Query(connection, sql);
    }

    public static string[] Query(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return [.. rows];
    }
}
