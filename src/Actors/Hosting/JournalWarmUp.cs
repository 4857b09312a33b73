using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Mapping;

namespace Etl.Actors.Hosting;

/// <summary>
/// Does on a spare core, while the page is parsed and the actor system starts, what the journal would do at its first recovery and first
/// write: linq2db builds and compiles its queries. Measured, it takes 80 to 100 ms off a start of half a second, and costs 50 ms of CPU.
/// It touches a database in memory only; nothing depends on it, so a failure in it is of no interest to anybody.
/// </summary>
internal static class JournalWarmUp
{
    /// <summary>
    /// False when the run's settings put the journal elsewhere, as far as can be told before they are read in earnest: a guess, because
    /// nothing depends on it.
    /// </summary>
    public static bool IsOfUse(RunRequest request) =>
        !request.Settings.Any(s => s.Key is SqliteJournal.PluginKey or SqliteJournal.ProviderKey)
        && !request.ConfigFiles.Any(file => Path.GetFileName(file) == "postgres.conf");

    /// <summary>Starts it; the task never fails.</summary>
    public static Task Start() => Task.Run(RunAsync);

    private static async Task RunAsync()
    {
        try
        {
            await using var connection = new DataConnection(new DataOptions().UseConnectionString("SQLite.MS", "Data Source=:memory:"));
            await connection.ExecuteAsync(
                "create table journal(ordering integer primary key autoincrement, created integer, deleted bit, persistence_id text, "
                + "sequence_number integer, message blob, manifest text, identifier integer)").ConfigureAwait(false);
            await using (var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted).ConfigureAwait(false))
            {
                var (id, from, to, most) = ("none", 0L, long.MaxValue, int.MaxValue);
                var rows = connection.GetTable<Row>();
                await rows.Where(r => r.PersistenceId == id).Select(r => (long?)r.SequenceNumber).MaxAsync().ConfigureAwait(false);
                await rows.Where(r => r.PersistenceId == id && r.SequenceNumber >= from && r.SequenceNumber <= to && !r.Deleted)
                    .OrderBy(r => r.SequenceNumber).Take(most).ToListAsync().ConfigureAwait(false);
                await transaction.CommitAsync().ConfigureAwait(false);
            }

            await connection.InsertAsync(new Row { PersistenceId = "none", SequenceNumber = 1, Message = [1] }).ConfigureAwait(false);
        }
        catch (LinqToDBException)
        {
            // See above: the journal itself will report what is wrong with it.
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // Likewise.
        }
    }

    // The shape of the journal's own row, so that what is compiled is what the journal needs.
    [Table("journal")]
    private sealed class Row
    {
        [Column("ordering", IsPrimaryKey = true, IsIdentity = true)]
        public long Ordering { get; set; }

        [Column("created")]
        public long Created { get; set; }

        [Column("deleted")]
        public bool Deleted { get; set; }

        [Column("persistence_id")]
        public string PersistenceId { get; set; } = "";

        [Column("sequence_number")]
        public long SequenceNumber { get; set; }

        [Column("message")]
        public byte[] Message { get; set; } = [];

        [Column("manifest")]
        public string? Manifest { get; set; }

        [Column("identifier")]
        public int? Identifier { get; set; }
    }
}
