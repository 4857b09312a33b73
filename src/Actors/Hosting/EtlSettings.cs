using Akka.Configuration;
using Etl.Actors.Jobs;
using Etl.Actors.Load;
using Etl.Actors.Reduce;
using Etl.Actors.Supervision;

namespace Etl.Actors.Hosting;

/// <summary>Our numbers of the configuration, read and checked once at the start; actors get these, never a <see cref="Config"/>.</summary>
/// <param name="PageBatchRows">Rows per batch of a page.</param>
/// <param name="ExtractWindow">Batches with mappers at most, per split.</param>
/// <param name="Mappers">Size of the mapper pool as configured (a resizer may change it).</param>
public sealed record EtlSettings(
    int PageBatchRows, int ExtractWindow, ReduceSettings Reduce, JobSettings Jobs, LoadSettings Load, SupervisionPolicy Supervision,
    int Mappers, string Fault, bool Phases)
{
    /// <summary>Reads <c>etl</c>.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed or out of range; the message names its key.</exception>
    public static EtlSettings From(Config config)
    {
        var window = Int(config, "etl.jobs.unacked-window", 1, 100_000);
        return new(
            Int(config, "etl.extract.page-batch-rows", 1, 1_000_000),
            Int(config, "etl.extract.window", 1, 10_000),
            new(Time(config, "etl.reduce.checkpoint-interval", TimeSpan.Zero), Math.Max(1, window / 2)),
            new(
                window,
                Time(config, "etl.jobs.ack-deadline", TimeSpan.FromMilliseconds(100)),
                Time(config, "etl.jobs.checkpoint-interval", TimeSpan.Zero),
                Int(config, "etl.map.max-attempts", 1, 1_000)),
            new(Int(config, "etl.load.max-attempts", 1, 100), Time(config, "etl.load.backoff", TimeSpan.FromMilliseconds(1))),
            SupervisionPolicy.From(config),
            Int(config, EtlConfig.MapperInstances, 1, 10_000),
            config.GetString("etl.fault", ""),
            config.GetBoolean("etl.phases"));
    }

    private static int Int(Config config, string key, int from, int to)
    {
        int value;
        try
        {
            value = config.HasPath(key) ? config.GetInt(key) : throw new ConfigurationException($"{key} is missing");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException or ArgumentException)
        {
            throw new ConfigurationException($"{key} = {config.GetString(key)} is not a whole number", malformed);
        }

        return value >= from && value <= to ? value : throw new ConfigurationException($"{key} = {value} is not between {from} and {to}");
    }

    private static TimeSpan Time(Config config, string key, TimeSpan from)
    {
        TimeSpan value;
        try
        {
            value = config.HasPath(key) ? config.GetTimeSpan(key) : throw new ConfigurationException($"{key} is missing");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException or ArgumentException)
        {
            throw new ConfigurationException($"{key} = {config.GetString(key)} is not a time such as 200ms, 5s or 1m", malformed);
        }

        return value >= from ? value : throw new ConfigurationException($"{key} = {value} is below {from}");
    }
}
