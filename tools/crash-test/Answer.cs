using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Etl.Tests.Outside;
using Microsoft.Data.Sqlite;

namespace Etl.CrashTest;

/// <summary>What must be the same to the byte, whatever happened on the way: hashes of the files, and of a canonical dump of their tables.</summary>
internal static class Answer
{
    private static readonly string[] Tables = ["Countries_by_GDP", "Region_Top", "Region_Top_SQL", "Quarantine"];

    /// <summary>A line per file and table.</summary>
    public static string Of(Workspace workspace) => $"{workspace.AnswerHashes()}\n{Dump(Path.Combine(workspace.Out, "World_Economies.db"))}";

    /// <summary>The lines in which two answers differ.</summary>
    public static string Difference(string expected, string found) =>
        string.Join("; ", expected.Split('\n').Zip(found.Split('\n'), (was, now) => (was, now)).Where(l => l.was != l.now).Select(l => $"{l.now}, expected {l.was}"));

    private static string Dump(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        return string.Join('\n', Tables.Select(table => $"{table} {Hash(connection, table)}"));
    }

    // Rows in the order of their text: where they happen to lie in the file is no part of the answer.
    private static string Hash(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select * from \"{table}\"";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('\t', Enumerable.Range(0, reader.FieldCount).Select(i =>
                reader.IsDBNull(i) ? "null" : $"{reader.GetDataTypeName(i)} {Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)}")));
        rows.Sort(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))));
    }
}
