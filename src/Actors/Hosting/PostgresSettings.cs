using System.Data.Common;
using System.Text.RegularExpressions;
using Akka.Configuration;

namespace Etl.Actors.Hosting;

/// <summary>Where and how PostgreSQL is used. Knows no driver: a run that does not use it does not load one.</summary>
public sealed partial class PostgresSettings
{
    /// <summary>The environment variable that may hold the connection string; the command line reads it.</summary>
    public const string Variable = "ETL_POSTGRES";

    /// <summary>Key of the connection string.</summary>
    public const string ConnectionKey = "etl.postgres.connection-string";

    private const string FileKey = "etl.postgres.connection-file";
    private const string SchemaKey = "etl.postgres.schema";

    private PostgresSettings(string connectionString, string schema, TimeSpan lease) =>
        (ConnectionString, Schema, Lease) = (connectionString, schema, lease);

    /// <summary>With its password: never shown.</summary>
    public string ConnectionString { get; }

    /// <summary>The schema that holds everything.</summary>
    public string Schema { get; }

    /// <summary>How long the lease lasts unless it is renewed.</summary>
    public TimeSpan Lease { get; }

    /// <summary>True when the journal is on PostgreSQL.</summary>
    public static bool HasJournal(Config config) =>
        config.GetString(SqliteJournal.PluginKey) == "akka.persistence.journal.sql"
        && config.GetString(SqliteJournal.ProviderKey).StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>etl.postgres</c>.</summary>
    /// <param name="environment">What <see cref="Variable"/> holds, or null.</param>
    /// <exception cref="ConfigurationException">There is no connection string, or a value is malformed; the message names the remedy.</exception>
    public static PostgresSettings From(Config config, string? environment)
    {
        var (schema, lease) = Checked(config);
        return new(Given(config, environment), schema, lease);
    }

    /// <summary>What needs no server: wrong values are told whether PostgreSQL is used or not.</summary>
    /// <exception cref="ConfigurationException">A value is malformed; the message names its key.</exception>
    public static (string Schema, TimeSpan Lease) Checked(Config config)
    {
        var schema = config.GetString(SchemaKey, "");
        return SchemaName().IsMatch(schema)
            ? (schema, ConfigValues.Time(config, "etl.postgres.lease", TimeSpan.FromSeconds(1)))
            : throw new ConfigurationException($"{SchemaKey} = {schema} is not a name of up to 40 lower-case letters, digits and '_'");
    }

    /// <summary>A connection string as it may be shown.</summary>
    public static string Masked(string connectionString)
    {
        if (connectionString.Length == 0) return "";
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
            foreach (var key in parts.Keys.Cast<string>().ToArray())
                if (IsSecret(key)) parts[key] = "***";
            return parts.ConnectionString;
        }
        catch (ArgumentException)
        {
            return "***";
        }
    }

    private static bool IsSecret(string key) =>
        key.Contains("pass", StringComparison.OrdinalIgnoreCase) || key.ToLowerInvariant() is "pwd" or "psw";

    private static string Given(Config config, string? environment)
    {
        if (config.GetString(ConnectionKey, "") is { Length: > 0 } given) return given;
        if (config.GetString(FileKey, "") is { Length: > 0 } file)
        {
            try
            {
                return File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : throw new ConfigurationException($"{FileKey} = {file}: the file is empty");
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException($"{FileKey} = {file} cannot be read: {unreadable.Message}", unreadable);
            }
        }

        return environment is { Length: > 0 } ? environment : throw new ConfigurationException(
            $"PostgreSQL is asked for, and no connection string is given: set the environment variable {Variable}, or --set {FileKey}=FILE, or "
            + $"--set {ConnectionKey}=\"Host=...;Database=...;Username=...;Password=...\"");
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,39}$")]
    private static partial Regex SchemaName();
}
