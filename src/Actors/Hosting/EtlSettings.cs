using System.Collections.Immutable;
using Akka.Configuration;
using Etl.Actors.Extract.Fetching;
using Etl.Actors.Jobs;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;
using Etl.Actors.Reduce;
using Etl.Actors.Supervision;
using Etl.Domain;
using Etl.Domain.Jobs.Chaos;

namespace Etl.Actors.Hosting;

/// <summary>Our numbers of the configuration, read and checked once at the start; actors get these, never a <see cref="Config"/>.</summary>
/// <param name="PageBatchRows">Rows per batch of a page.</param>
/// <param name="ExtractWindow">Batches with mappers at most, per split.</param>
/// <param name="TrimAbove">Bytes that the journal's file may have before a run that is over waits for the deletion of jobs that are over.</param>
/// <param name="Mappers">Size of the mapper pool as configured (a resizer may change it).</param>
public sealed record EtlSettings(
    int PageBatchRows, int ExtractWindow, ReduceSettings Reduce, JobSettings Jobs, LoadSettings Load, SupervisionPolicy Supervision,
    int Mappers, long TrimAbove, string Fault, bool Phases, RecordSettings Records)
{
    /// <summary>File that gets the names of the fault points that are passed; empty for none.</summary>
    public string FaultLog { get; init; } = "";

    /// <summary>What is made to fail on purpose.</summary>
    public ChaosSpec Chaos { get; init; } = ChaosSpec.None;

    /// <summary>Of a host: its queue of jobs; null where one run is all there is.</summary>
    public QueueSettings? Queue { get; init; }

    /// <summary>Of a host: jobs side by side.</summary>
    public int HostJobs { get; init; } = 1;

    /// <summary>Of a host: jobs that wait, at most.</summary>
    public int HostQueue { get; init; }

    /// <summary>Of a host: how long a stop waits for what is under way.</summary>
    public TimeSpan HostStop { get; init; }

    /// <summary>Where results go when the command line does not say it.</summary>
    public ImmutableArray<string> Sinks { get; init; } = [];

    /// <summary>Reads <c>etl</c>.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed or out of range; the message names its key.</exception>
    public static EtlSettings From(Config config)
    {
        PostgresSettings.Checked(config);
        FetchSettings.Checked(config);
        RefuseRouter(config.GetString(EtlConfig.MapperRouter, ""));
        var window = ConfigValues.Int(config, "etl.jobs.unacked-window", 1, 100_000);
        return new(
            ConfigValues.Int(config, "etl.extract.page-batch-rows", 1, 1_000_000),
            ConfigValues.Int(config, "etl.extract.window", 1, 10_000),
            new(ConfigValues.Time(config, "etl.reduce.checkpoint-interval", TimeSpan.Zero), Math.Max(1, window / 2),
                ConfigValues.Int(config, "etl.reduce.compact-after", 1, 1_000_000)),
            new(
                window,
                ConfigValues.Time(config, "etl.jobs.ack-deadline", TimeSpan.FromMilliseconds(100)),
                ConfigValues.Time(config, "etl.jobs.checkpoint-interval", TimeSpan.Zero),
                ConfigValues.Int(config, "etl.map.max-attempts", 1, 1_000),
                ConfigValues.Int(config, "etl.jobs.max-stalls", 0, 20),
                ConfigValues.Int(config, "etl.map.max-condemned", 0, 1_000_000)),
            new(ConfigValues.Int(config, "etl.load.max-attempts", 1, 100), ConfigValues.Time(config, "etl.load.backoff", TimeSpan.FromMilliseconds(1))),
            SupervisionPolicy.From(config),
            ConfigValues.Int(config, EtlConfig.MapperInstances, 1, 10_000),
            ConfigValues.Int(config, "etl.jobs.trim-above", 0, int.MaxValue),
            config.GetString("etl.fault", ""),
            ConfigValues.Bool(config, "etl.phases"),
            RecordSettings.From(config))
        {
            Chaos = ChaosOf(config.GetString("etl.chaos", "")),
            FaultLog = config.GetString("etl.fault-log", ""),
            HostJobs = ConfigValues.Int(config, "etl.host.jobs", 1, 64),
            HostQueue = ConfigValues.Int(config, "etl.host.queue", 0, 10_000),
            HostStop = ConfigValues.Time(config, "etl.host.stop-within", TimeSpan.Zero),
            Sinks = SinksOf(config.GetString("etl.load.sinks", "")),
        };
    }

    private static ChaosSpec ChaosOf(string text) => ChaosSpec.Parse(text) switch
    {
        Parsed<ChaosSpec>.Ok { Value: var spec } => spec,
        Parsed<ChaosSpec>.Refused refused => throw new ConfigurationException($"etl.chaos = {text}: {refused.Message}"),
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };

    private static ImmutableArray<string> SinksOf(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries).Distinct().ToImmutableArray();
        foreach (var name in names)
            if (!SinkCatalog.Names.Contains(name))
                throw new ConfigurationException($"etl.load.sinks = {text}: there is no sink {name}; there are {string.Join(", ", SinkCatalog.Names)}");
        return names;
    }

    // Pools that wait for answers, and groups, whose routees nobody has started, would leave batches lying.
    private static void RefuseRouter(string router)
    {
        if (EtlConfig.Routers.Contains(router) || router.Contains(',')) return;
        throw new ConfigurationException($"{EtlConfig.MapperRouter} = {router} is none of {string.Join(", ", EtlConfig.Routers)}"
            + (Domain.NearestWord.Find(router, EtlConfig.Routers) is { } near ? $"; did you mean {near}?" : ""));
    }
}
