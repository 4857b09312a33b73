using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Load.Sinks;

/// <summary>
/// The result as an SQLite database, replaced in one transaction after SQL itself has confirmed it. The rollback journal is used, not the
/// write-ahead log: when the load is over, the database is one file, whoever has it open.
/// </summary>
/// <param name="busyTimeout">How long to wait for a program that reads or writes the database at this moment; 10 s when null.</param>
public sealed class SqliteSink(TimeSpan? busyTimeout = null) : ISink
{
    /// <summary>The file it writes.</summary>
    public const string FileName = "World_Economies.db";

    // The driver counts whole seconds, and 0 would be for ever.
    private readonly int _busySeconds = Math.Max(1, (int)Math.Ceiling((busyTimeout ?? TimeSpan.FromSeconds(10)).TotalSeconds));

    /// <inheritdoc />
    public string Name => "sqlite";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(() => Load(input, cancellation), cancellation);

    private SinkResult Load(SinkInput input, CancellationToken cancellation)
    {
        var path = Path.Combine(input.OutDirectory, FileName);
        var existed = File.Exists(path);
        try
        {
            var crossCheck = Replace(path, input, cancellation);
            return new([AtomicFile.Describe(path)], crossCheck);
        }
        catch (Exception failure)
        {
            RemoveEmpty(path, existed);
            if (failure is SqliteException database) throw SqliteErrors.Of(path, database);
            if (failure is IOException or UnauthorizedAccessException) throw SinkException.Of(path, failure);
            throw;
        }
    }

    private string Replace(string path, SinkInput input, CancellationToken cancellation)
    {
        // Without pooling, closing closes: the file's hash is taken then, and nothing of ours keeps it locked.
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = _busySeconds,
        }.ToString());
        connection.Open();
        RefuseForeign(connection, path);
        Configure(connection);
        // Immediate: who else writes is waited for here, not in the middle of the work.
        using var transaction = connection.BeginTransaction(deferred: false);
        SqliteRows.Write(connection, transaction, input.Report, input.Facts);
        var crossCheck = SqlCrossCheck.Run(connection, transaction, input.Report, path);
        cancellation.ThrowIfCancellationRequested();
        input.Faults.Pass("before-commit");
        input.CheckLease();
        transaction.Commit();
        input.Faults.Pass("after-commit");
        return crossCheck;
    }

    private static void Configure(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        // A database that somebody switched to the write-ahead log is switched back. EXTRA is FULL and one flush more: without it a power
        // failure may bring the removed journal back, and that would undo a load which was reported as done. Nothing is written to the
        // file before the commit, however large the load is: until then readers are not kept waiting.
        command.CommandText = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA cache_spill = OFF;";
        command.ExecuteNonQuery();
    }

    // What is not ours is neither overwritten nor mixed with ours.
    private static void RefuseForeign(SqliteConnection connection, string path)
    {
        foreach (var table in SqliteSchema.Tables) RefuseForeign(connection, path, table.Name, "table", table.Columns.Select(c => c.Name));
        RefuseForeign(connection, path, SqliteSchema.TopView, "view", SqliteSchema.TopViewColumns);
    }

    private static void RefuseForeign(SqliteConnection connection, string path, string name, string type, IEnumerable<string> columns)
    {
        var found = Strings(connection, "SELECT type FROM sqlite_master WHERE name = @name COLLATE NOCASE", name);
        if (found.Count == 0) return;
        // The columns of a view are not looked up when it is none: a broken one of somebody else's cannot be described.
        var there = found[0] == type ? Strings(connection, "SELECT name FROM pragma_table_info(@name)", name) : [];
        if (there.SequenceEqual(columns, StringComparer.Ordinal)) return;
        throw SinkException.Refused(string.Create(
            CultureInfo.InvariantCulture,
            $"'{path}' has a {found[0]} {name} that is not ours{(there.Count == 0 ? "" : $" (its columns: {string.Join(", ", there)})")}, and it is not overwritten. Move the file away, or choose another directory with --out."));
    }

    private static List<string> Strings(SqliteConnection connection, string sql, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@name", name);
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    // A first load that comes to nothing leaves nothing: opening has made an empty file.
    private static void RemoveEmpty(string path, bool existed)
    {
        try
        {
            if (!existed && new FileInfo(path) is { Exists: true, Length: 0 }) File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // An empty file is an empty database: harmless, and the failure that led here matters more.
        }
    }
}
