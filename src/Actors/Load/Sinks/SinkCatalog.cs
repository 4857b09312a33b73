using System.Collections.Immutable;
using Etl.Actors.Stages;

namespace Etl.Actors.Load.Sinks;

/// <summary>The sinks by name.</summary>
public static class SinkCatalog
{
    /// <summary>The one that needs a server.</summary>
    public const string Postgres = "postgres";

    private static readonly ImmutableDictionary<string, Func<PostgresPlace?, ISink>> Known = new Dictionary<string, Func<PostgresPlace?, ISink>>
    {
        ["csv"] = static _ => new CsvSink(),
        ["html"] = static _ => new HtmlSink(),
        ["json"] = static _ => new JsonSink(),
        ["markdown"] = static _ => new MarkdownSink(),
        ["ndjson"] = static _ => new NdjsonSink(),
        ["parquet"] = static _ => new ParquetSink(),
        [Postgres] = static place => new PostgresSink(place ?? throw new InvalidOperationException("no server was opened for the sink postgres")),
        ["sqlite"] = static _ => new SqliteSink(),
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The words of <c>--sink</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The sinks of these names, and the quarantine, which is always loaded.</summary>
    /// <param name="place">What the sink <see cref="Postgres"/> loads into.</param>
    /// <exception cref="KeyNotFoundException">A name is unknown; command line and configuration have checked them.</exception>
    public static ImmutableList<ISink> Of(IEnumerable<string> names, PostgresPlace? place = null) =>
        [new QuarantineSink(), .. names.Distinct().Select(n => n == AnswerSink.Word ? new AnswerSink() : Known[n](place))];
}
