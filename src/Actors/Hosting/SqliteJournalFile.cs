using Etl.Actors.Serialization;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Hosting;

/// <summary>
/// Makes the journal's file, or checks one that is there before anything writes to it: what is damaged or of a newer version stays as it is.
/// </summary>
/// <remarks>
/// The file's header says whose it is and in which format (<c>application_id</c>, <c>user_version</c>, SQLite file format, section 1.3). A
/// new file is made beside its place and renamed, so a crash never leaves an empty one there: an empty one is damage.
/// </remarks>
internal static class SqliteJournalFile
{
    /// <summary>"ETLJ".</summary>
    public const int ApplicationId = 0x45544C4A;

    /// <summary>The newest format that is read, and the one that is written: 1. Formats of events have versions of their own.</summary>
    public const int Format = 1;

    private const int Unusable = 74;
    private const int BusyCode = 5, LockedCode = 6, CorruptCode = 11, NoDatabaseCode = 26;

    // Longer than a backup takes; a run that waits for a lock for ever would be a hang.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(40);

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Makes or checks it.</summary>
    /// <exception cref="RunException">74: it cannot be used; the message says why and what to do.</exception>
    public static void Prepare(string file)
    {
        try
        {
            if (File.Exists(file)) Check(file);
            else Make(file);
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is BusyCode or LockedCode)
        {
            throw new RunException(Unusable,
                $"the journal {file} is locked by another program ({busy.Message}); close what has it open, or name another directory with --state",
                busy);
        }
        catch (SqliteException damage) when (damage.SqliteErrorCode is CorruptCode or NoDatabaseCode)
        {
            throw Damaged(file, damage.Message);
        }
        catch (Exception cause) when (cause is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new RunException(Unusable,
                $"the journal {file} cannot be opened: {cause.Message}; if it is damaged, restore it or move it away (its unfinished jobs start over), "
                + "if it is write-protected, make it writable, or name another directory with --state", cause);
        }
    }

    private static void Make(string file)
    {
        if (File.Exists(file + "-wal") && new FileInfo(file + "-wal").Length > 0)
            throw Damaged(file, "it is gone, and its write-ahead log (-wal) is still there");
        var temporary = file + ".new";
        foreach (var leftover in new[] { temporary, temporary + "-wal", temporary + "-shm", temporary + "-journal" }) File.Delete(leftover);
        using (var connection = Open(temporary, SqliteOpenMode.ReadWriteCreate))
        {
            // Without a write-ahead log one write costs six fsyncs. Incremental vacuum must be chosen before the first table.
            Execute(connection, $"pragma auto_vacuum=incremental; pragma application_id={ApplicationId}; pragma user_version={Format}; pragma journal_mode=wal;");
        }

        File.Move(temporary, file);
    }

    private static void Check(string file)
    {
        // Says at once whether it may be written, which SQLite would find out at the first write.
        using (var raw = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        {
            Span<byte> head = stackalloc byte[Magic.Length];
            if (raw.Length == 0) throw Damaged(file, "it is empty");
            if (raw.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.SequenceEqual(Magic))
                throw Damaged(file, "it does not begin like a database of SQLite's");
        }

        using var connection = Open(file, SqliteOpenMode.ReadOnly);
        var owner = Number(connection, "pragma application_id;");
        // Journals of before there was a mark have none, but their table.
        var isOurs = owner == ApplicationId || (owner == 0 && Number(connection, "select count(*) from sqlite_schema where name = 'journal'") > 0);
        if (!isOurs)
            throw new RunException(Unusable, $"{file} is a database of another program; move it away, or name another directory with --state");
        var format = Number(connection, "pragma user_version;");
        if (format > Format)
            throw new RunException(Unusable,
                $"the journal {file} was written by a newer version of this program (format {format}; this version reads up to {Format}); "
                + "use that version, or name another directory with --state");
        var verdict = Execute(connection, "pragma quick_check(1);") as string;
        if (verdict != "ok") throw Damaged(file, verdict?.Replace("*** in database main ***\n", "") ?? "it cannot be checked");
        if (Number(connection, "select count(*) from sqlite_schema where name = 'journal'") > 0) CheckEvents(connection, file);
    }

    // All of them, which are few (events that are superseded are deleted): half of a recovery must not have been written when the other half
    // turns out to be unreadable.
    private static void CheckEvents(SqliteConnection connection, string file)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "select persistence_id, sequence_number, manifest, message from journal where deleted = 0 order by persistence_id, sequence_number;";
        using var events = command.ExecuteReader();
        var (last, of) = (0L, "");
        while (events.Read())
        {
            var (id, number, manifest) = (events.GetString(0), events.GetInt64(1), events.IsDBNull(2) ? "" : events.GetString(2));
            if (!Manifests.Journaled.Contains(manifest))
                throw new RunException(Unusable,
                    $"the journal {file} holds an event that this version does not know ('{manifest}', event {number} of {id}): it was written by a "
                    + "newer version of this program, or is damaged; use that version, or name another directory with --state");
            if (id != of) (of, last) = (id, 0);
            if (number != last + 1 && !Manifests.HoldingAll.Contains(manifest))
                throw Damaged(file, $"event {last + 1} of {id} is missing");
            last = number;
            try
            {
                EventChecksum.Check(events.GetFieldValue<byte[]>(3));
            }
            catch (InvalidDataException wrong)
            {
                throw Damaged(file, $"event {number} of {id} was changed; {wrong.Message}");
            }
        }
    }

    private static RunException Damaged(string file, string how) => new(Unusable,
        $"the journal {file} is damaged: {how}. It is left as it is: restore it from a copy, or move it away with its -wal and -shm files "
        + "(its unfinished jobs start over), or name another directory with --state");

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        // Not pooled: closed is closed, and the file can be renamed, or left alone.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)LockPatience.TotalSeconds,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static long Number(SqliteConnection connection, string query) => (long)Execute(connection, query)!;

    private static object? Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
