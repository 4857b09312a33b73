using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Etl.Tests.Outside;

/// <summary>Where journal and tables are.</summary>
public enum Backend
{
    /// <summary>In files.</summary>
    Sqlite,

    /// <summary>On a server.</summary>
    Postgres,
}

/// <summary>
/// The tables of an answer as text, the same for the same answer: rows in the order of their text, and numbers as the double that is nearest,
/// because that is what SQLite keeps of them.
/// </summary>
public static class Tables
{
    private static readonly string[] Names = ["Countries_by_GDP", "Region_Top", "Quarantine"];

    /// <summary>Of a file.</summary>
    public static string OfSqlite(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        return Of(connection, "");
    }

    /// <summary>Of a schema.</summary>
    public static string OfPostgres(string connectionString, string schema = "etl")
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        return Of(connection, schema + ".");
    }

    private static string Of(DbConnection connection, string schema)
    {
        connection.Open();
        return string.Join('\n', Names.Select(name => $"{name}\n{string.Join('\n', Rows(connection, $"{schema}\"{name}\"").Order(StringComparer.Ordinal))}"));
    }

    private static IEnumerable<string> Rows(DbConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table}";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)}={Text(reader.GetValue(i))}"));
    }

    private static string Text(object value) => value switch
    {
        DBNull => "null",
        string text => $"'{text}'",
        decimal or double => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
    };
}
