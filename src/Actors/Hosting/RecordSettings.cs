using Akka.Configuration;
using Etl.Domain;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;

namespace Etl.Actors.Hosting;

/// <summary>How files of records are cut and read, where the command line says nothing else.</summary>
/// <param name="BatchBytes">Bytes per batch; null for <see cref="SplitPlanner.BatchBytesFor"/>.</param>
/// <param name="BufferBytes">Bytes in the buffers of batches at most, of all jobs of the process.</param>
/// <param name="SpoolLimit">Longest standard input that is kept.</param>
public sealed record RecordSettings(int? BatchBytes, long BufferBytes, long SpoolLimit, RecordOptions Defaults)
{
    /// <summary>Reads <c>etl.extract</c> and <c>etl.csv</c>.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed or out of range; the message names its key.</exception>
    public static RecordSettings From(Config config)
    {
        var batch = config.GetString("etl.extract.batch-bytes") == "auto"
            ? (int?)null : (int)ConfigValues.Bytes(config, "etl.extract.batch-bytes", 4 << 10, 256 << 20);
        return new(batch, BuffersOf(config, batch ?? JobSpec.DefaultBatchBytes), ConfigValues.Bytes(config, "etl.extract.spool-limit", 0, 1L << 50), DefaultsOf(config));
    }

    // A little is read beyond each batch, to the end of its last line.
    private static long BuffersOf(Config config, int batch) => config.GetString("etl.extract.buffer-bytes") == "auto"
        ? (batch + (64L << 10)) * (ConfigValues.Int(config, EtlConfig.MapperInstances, 1, 10_000) + 1)
        : ConfigValues.Bytes(config, "etl.extract.buffer-bytes", 1 << 20, 1L << 40);

    private static RecordOptions DefaultsOf(Config config)
    {
        var columns = ColumnsOf(config.GetString("etl.csv.columns"));
        return new(
            columns?.Country, columns?.Year, columns?.Value, DelimiterOf(config.GetString("etl.csv.delimiter")),
            config.GetString("etl.csv.empty") switch
            {
                "quarantine" => false,
                "missing" => true,
                var other => throw new ConfigurationException($"etl.csv.empty = {other} is neither quarantine nor missing"),
            },
            ConfigValues.Bool(config, "etl.csv.multiline"),
            (int)ConfigValues.Bytes(config, "etl.csv.max-line-bytes", 1 << 10, 256 << 20));
    }

    private static ColumnNames? ColumnsOf(string text) => text == "auto" ? null : ColumnsOption.Parse(text) switch
    {
        Parsed<ColumnNames>.Ok ok => ok.Value,
        Parsed<ColumnNames>.Refused refused => throw new ConfigurationException($"etl.csv.columns = {text}: {refused.Message}"),
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };

    private static char? DelimiterOf(string text) => text switch
    {
        "auto" => null,
        "comma" => ',',
        "semicolon" => ';',
        "tab" => '\t',
        "pipe" => '|',
        [var one] when Delimiters.IsKnown(one) => one,
        _ => throw new ConfigurationException($"etl.csv.delimiter = {text} is none of auto, comma, semicolon, tab, pipe"),
    };

    /// <summary>What is in force: what the command line says, and these where it says nothing.</summary>
    public RecordOptions Under(RecordsAsked asked) => new(
        asked.Country ?? Defaults.Country,
        asked.Year ?? Defaults.Year,
        asked.Value ?? Defaults.Value,
        asked.Delimiter ?? Defaults.Delimiter,
        asked.EmptyIsMissing ?? Defaults.EmptyIsMissing,
        asked.Multiline ?? Defaults.Multiline,
        Defaults.MaxLineBytes);
}
