using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Persistence.Sql;
using Etl.Actors.Serialization;
using Etl.Actors.Supervision;
using Etl.Domain;

namespace Etl.Actors.Hosting;

/// <summary>
/// Composes the configuration: <c>--set</c> over <c>--config</c> files (later ones win) over the journal's file over
/// <c>reference.conf</c> over the libraries' own.
/// </summary>
public static partial class EtlConfig
{
    /// <summary>Key of the mapper pool's size.</summary>
    public const string MapperInstances = "akka.actor.deployment./etl/mappers.nr-of-instances";

    /// <summary>Key of the mapper pool's router.</summary>
    public const string MapperRouter = "akka.actor.deployment./etl/mappers.router";

    /// <summary>The routers that suit the mapper pool; a class of one's own is named with its assembly.</summary>
    public static IReadOnlyList<string> Routers { get; } =
        ["round-robin-pool", "smallest-mailbox-pool", "random-pool", "consistent-hashing-pool", "broadcast-pool"];

    /// <summary>The built-in files.</summary>
    public static Config Reference => ConfigurationFactory.ParseString(Embedded("reference.conf"))
        .WithFallback(ConfigurationFactory.ParseString($"{MapperInstances} = {Environment.ProcessorCount}"));

    /// <summary>All of it; <paramref name="journal"/> is the journal's connection string.</summary>
    /// <exception cref="ConfigurationException">A file or a setting cannot be read; the message names it and the remedy.</exception>
    public static Config Compose(IEnumerable<string> files, IEnumerable<KeyValuePair<string, string>> settings, string journal)
    {
        var config = ConfigurationFactory.Empty;
        foreach (var layer in Given(files, settings)) config = config.WithFallback(layer.Config);
        RefuseUnknownKeys(config);
        return config
            .WithFallback(ConfigurationFactory.ParseString(Connection(journal)))
            .WithFallback(ConfigurationFactory.ParseString(Embedded("sqlite.conf")))
            .WithFallback(Reference)
            .WithFallback(ConfigurationFactory.ParseString(SerializationConfig.Hocon))
            .WithFallback(SqlPersistence.DefaultConfiguration);
    }

    /// <summary>What was given, the winner first, each with where it comes from.</summary>
    /// <exception cref="ConfigurationException">One cannot be read, or says of supervision what would break a guarantee.</exception>
    internal static IEnumerable<(string Origin, Config Config)> Given(IEnumerable<string> files, IEnumerable<KeyValuePair<string, string>> settings)
    {
        foreach (var (path, value) in settings.Reverse()) yield return Checked("--set", Setting(path, value));
        foreach (var file in files.Reverse()) yield return Checked($"--config {file}", Parsed(file));
    }

    // Checked one by one, so that the message can tell whose it is.
    private static (string Origin, Config Config) Checked(string origin, Config config)
    {
        try
        {
            PolicyReader.Check(config);
            return (origin, config);
        }
        catch (ConfigurationException refused)
        {
            throw new ConfigurationException($"{origin}: {refused.Message}", refused);
        }
    }

    /// <summary>The values below <paramref name="path"/>, each by its whole key; a key in quotes is its text.</summary>
    internal static SortedDictionary<string, string> Flat(string path, Config config)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (config.HasPath(path)) Flatten(path, config.GetValue(path), found);
        return found;
    }

    /// <summary>What is in force of our own keys and of the mapper pool, by key; for <c>run.json</c>.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Effective(Config config)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Flatten("etl", config.GetValue("etl"), found);
        if (found.TryGetValue(PostgresSettings.ConnectionKey, out var secret)) found[PostgresSettings.ConnectionKey] = PostgresSettings.Masked(secret);
        Flatten("akka.actor.deployment./etl/mappers", config.GetValue("akka.actor.deployment./etl/mappers"), found);
        return [.. found];
    }

    // A misspelt key would be ignored without a word. Only our own namespace is closed; Akka's is Akka's.
    private static void RefuseUnknownKeys(Config given)
    {
        if (!given.HasPath("etl")) return;
        var (found, known) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal));
        Flatten("etl", given.GetValue("etl"), found);
        Flatten("etl", Reference.GetValue("etl"), known);
        foreach (var key in found.Keys.Where(key => !known.ContainsKey(key) && !PolicyReader.IsFailure(key)))
            throw new ConfigurationException($"there is no setting {key}"
                + (NearestWord.Find(key, known.Keys) is { } near ? $"; did you mean {near}?" : $"; there are {string.Join(", ", known.Keys)}"));
    }

    private static void Flatten(string path, HoconValue value, SortedDictionary<string, string> found)
    {
        if (!value.IsObject())
        {
            found[path] = value.GetString();
            return;
        }

        foreach (var (key, inner) in value.GetObject().Items) Flatten($"{path}.{key}", inner, found);
    }

    /// <summary>This over everything else: a journal on a server is known only when the run has the right to write to it.</summary>
    public static Config WithJournal(Config config, string connectionString, string schema) => ConfigurationFactory
        .ParseString(Connection(connectionString) + $"\nakka.persistence.journal.sql.default.schema-name = {schema}").WithFallback(config);

    /// <summary>True when there is such a file, or it is one of ours, which are part of the program: <c>hocon/postgres.conf</c>.</summary>
    public static bool IsThere(string file) => File.Exists(file) || BuiltIn(file) is not null;

    private static string? BuiltIn(string file)
    {
        var name = file.Replace('\\', '/');
        return name.StartsWith("hocon/", StringComparison.Ordinal) && Assembly.GetExecutingAssembly().GetManifestResourceNames().Contains(name)
            ? Embedded(name["hocon/".Length..]) : null;
    }

    private static string Connection(string journal)
    {
        var text = journal.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"{SqliteJournal.ConnectionKey} = \"{text}\"";
    }

    private static Config Setting(string path, string value)
    {
        if (!Path().IsMatch(path))
            throw new ConfigurationException($"--set {path}: not a path of letters, digits, '-', '_', '/' and dots such as etl.jobs.unacked-window");
        // Always a quoted string: HOCON reads numbers and times from strings, and nothing in a value can end it early.
        var quoted = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return ConfigurationFactory.ParseString($"{path} = \"{quoted}\"");
    }

    private static Config Parsed(string file)
    {
        try
        {
            // A file of that name wins over the program's own.
            var text = File.Exists(file) ? File.ReadAllText(file) : BuiltIn(file) ?? File.ReadAllText(file);
            // The parser takes what it can of an unfinished file; half a configuration is worse than none.
            if (HoconBraces.Problem(text) is { } problem) throw new ConfigurationException($"--config {file}: {problem}");
            return ConfigurationFactory.ParseString(text, included => throw new ConfigurationException(
                $"--config {file}: include \"{included}\" is not supported; give each file by a --config of its own"));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"--config {file} cannot be read: {cause.Message}", cause);
        }
        catch (ConfigurationException)
        {
            throw;
        }
        catch (Exception cause) when (cause is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new ConfigurationException($"--config {file} is not HOCON: {cause.Message}", cause);
        }
    }

    private static string Embedded(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"hocon/{name}")
            ?? throw new InvalidOperationException($"hocon/{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_/\-]+(\.[A-Za-z0-9_/\-]+)*$")]
    private static partial Regex Path();
}
