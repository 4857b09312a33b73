using System.Collections.Immutable;
using Akka.Configuration;
using Etl.Actors.Supervision;

namespace Etl.Actors.Hosting;

/// <summary>A setting in force, secrets masked.</summary>
/// <param name="Origin">Where it comes from: <c>reference.conf</c>, a <c>--config</c> file, <c>--set</c>, or what is in its place.</param>
public sealed record SettingInForce(string Key, string Value, string Origin);

/// <summary>How a pool of routees scales.</summary>
/// <param name="Instances">Its size; with a resizer the size that it begins with.</param>
/// <param name="Resizer">From how few to how many; null when the size is fixed.</param>
public sealed record PoolInForce(string Path, string Router, int Instances, (int From, int To)? Resizer);

/// <summary>What a start with these settings would do: read and checked as a run does, but nothing is opened, started or written.</summary>
public sealed record Explanation(
    ImmutableArray<ActorPlace> Tree, PoolInForce Mappers, string Journal, SupervisionPolicy Policy, ImmutableArray<SettingInForce> Settings)
{
    private const int BadUsage = 2;
    private const string Deployment = "akka.actor.deployment./etl/mappers";

    /// <summary>Of these files and settings.</summary>
    /// <param name="environment">What <see cref="PostgresSettings.Variable"/> holds, or null.</param>
    /// <exception cref="RunException">A setting is none, or would break a guarantee: exit code 2.</exception>
    public static Explanation Of(IReadOnlyCollection<string> files, IReadOnlyCollection<KeyValuePair<string, string>> settings, string? environment)
    {
        try
        {
            var config = EtlConfig.Compose(files, settings, "");
            var read = EtlSettings.From(config);
            FaultPoints.Parse(read.Fault);
            return new(ActorTree.Places, PoolOf(config, read.Mappers), JournalOf(config), read.Supervision, InForce(config, files, settings, environment));
        }
        catch (Exception wrong) when (wrong is ConfigurationException or FormatException)
        {
            throw new RunException(BadUsage, wrong.Message, wrong);
        }
    }

    private static PoolInForce PoolOf(Config config, int instances)
    {
        var resizer = $"{Deployment}.resizer";
        // Akka's own defaults of a resizer.
        return new("/user/etl/mappers", config.GetString(EtlConfig.MapperRouter), instances, config.HasPath($"{resizer}.enabled") && ConfigValues.Bool(config, $"{resizer}.enabled")
            ? (config.GetInt($"{resizer}.lower-bound", 1), config.GetInt($"{resizer}.upper-bound", 10)) : null);
    }

    private static string JournalOf(Config config) => PostgresSettings.HasJournal(config)
        ? $"PostgreSQL, schema {PostgresSettings.Checked(config).Schema}"
        : config.GetString(SqliteJournal.PluginKey) == "akka.persistence.journal.sql" ? "SQLite, journal.db in the state directory"
        : $"{config.GetString(SqliteJournal.PluginKey)} (not ours: nothing is resumed that it does not keep)";

    private static ImmutableArray<SettingInForce> InForce(
        Config config, IReadOnlyCollection<string> files, IReadOnlyCollection<KeyValuePair<string, string>> settings, string? environment)
    {
        var layers = EtlConfig.Given(files, settings).Select(given => (given.Origin, Keys: Keys(given.Config))).ToArray();
        return [.. EtlConfig.Effective(config).Select(setting =>
        {
            var origin = layers.FirstOrDefault(layer => layer.Keys.Contains(setting.Key)).Origin;
            return setting.Key == PostgresSettings.ConnectionKey && setting.Value.Length == 0 && environment is { Length: > 0 }
                ? new(setting.Key, PostgresSettings.Masked(environment), $"the environment, {PostgresSettings.Variable}")
                : new SettingInForce(setting.Key, setting.Value, origin
                    ?? (setting.Key == EtlConfig.MapperInstances ? "processors" : "reference.conf"));
        })];
    }

    private static HashSet<string> Keys(Config config) => [.. EtlConfig.Flat("etl", config).Keys, .. EtlConfig.Flat(Deployment, config).Keys];
}
