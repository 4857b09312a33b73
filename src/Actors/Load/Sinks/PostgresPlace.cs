using Npgsql;

namespace Etl.Actors.Load.Sinks;

/// <summary>A schema on a server, as a process that holds the lease reaches it. A class, because a record would print its password.</summary>
public sealed class PostgresPlace
{
    private readonly NpgsqlConnectionStringBuilder parts;

    /// <summary>The place, before the lease is taken when <paramref name="epoch"/> is 0.</summary>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public PostgresPlace(string connectionString, string schema, long epoch)
    {
        parts = new(connectionString);
        (Schema, Epoch) = (schema, epoch);
        Name = $"{parts.Host}:{parts.Port}/{parts.Database ?? parts.Username}, schema {schema}";
        // The trigger on the journal and whoever looks for the holder's sessions know them by these two.
        parts.ApplicationName = ApplicationName(schema, epoch);
        if (epoch > 0) parts.Options = $"{parts.Options} -c etl.epoch={epoch}".TrimStart();
    }

    /// <summary>Host, port, database and schema.</summary>
    public string Name { get; }

    /// <summary>The schema.</summary>
    public string Schema { get; }

    /// <summary>The schema as SQL names it: quoted, because a name of letters may be a word of SQL's own.</summary>
    public string Identifier => Quoted(Schema);

    /// <summary>Number of the lease that this process holds; each process that takes over has a higher one.</summary>
    public long Epoch { get; }

    /// <summary>For whoever connects; with its password.</summary>
    public string ConnectionString => parts.ConnectionString;

    /// <summary>A name as SQL has it.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What the sessions of a lease's holder are called on the server.</summary>
    public static string ApplicationName(string schema, long epoch) => $"etl {schema} {epoch}";

    /// <summary>An open connection of the pool.</summary>
    /// <exception cref="NpgsqlException">The server is not reached, or refuses.</exception>
    public NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
