using System.Data.Common;
using System.Runtime.Serialization;
using Etl.Actors.Hosting;
using Etl.Actors.Serialization;

namespace Etl.Actors.Jobs.Reading;

/// <summary>A stored event.</summary>
/// <param name="Written">When, by the clock of the process that wrote it.</param>
public sealed record StoredEvent(long Sequence, DateTimeOffset Written, object Event);

/// <summary>Reads what a journal holds, without an actor system and without writing.</summary>
public interface IJournalReader
{
    /// <summary>The events of a persistence id in order; none when there are none.</summary>
    IEnumerable<StoredEvent> Read(string persistenceId);
}

/// <summary>
/// Reads the table of Akka.Persistence.Sql, whose columns are the same in every database. Rows that are marked as deleted are kept by the
/// plug-in for their number alone, and are passed over.
/// </summary>
public sealed class SqlJournalReader(DbConnection connection) : IJournalReader
{
    /// <inheritdoc />
    public IEnumerable<StoredEvent> Read(string persistenceId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select sequence_number, created, manifest, message, deleted from journal where persistence_id = @id order by sequence_number";
        var id = command.CreateParameter();
        (id.ParameterName, id.Value) = ("@id", persistenceId);
        command.Parameters.Add(id);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (Convert.ToBoolean(rows.GetValue(4), System.Globalization.CultureInfo.InvariantCulture)) continue;
            yield return new(rows.GetInt64(0), new(rows.GetInt64(1), TimeSpan.Zero), Event(rows.GetString(2), (byte[])rows.GetValue(3)));
        }
    }

    /// <summary>True when the table is there: a journal that was opened and never written has none.</summary>
    public bool HasJournal()
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "select count(*) from journal where 1 = 0";
            command.ExecuteScalar();
            return true;
        }
        catch (DbException absent) when (absent.Message.Contains("no such table", StringComparison.Ordinal) || absent.SqlState == "42P01")
        {
            return false;
        }
    }

    private static object Event(string manifest, byte[] bytes)
    {
        try
        {
            return EtlSerializer.ReadJournaled(bytes, manifest);
        }
        catch (SerializationException unreadable)
        {
            throw new RunException(74, $"the journal cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
