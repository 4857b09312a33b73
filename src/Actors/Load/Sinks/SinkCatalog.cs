using System.Collections.Immutable;

namespace Etl.Actors.Load.Sinks;

/// <summary>The sinks by name.</summary>
public static class SinkCatalog
{
    private static readonly ImmutableDictionary<string, Func<ISink>> Known = new Dictionary<string, Func<ISink>>
    {
        ["json"] = static () => new JsonSink(),
        ["sqlite"] = static () => new SqliteSink(),
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The words of <c>--sink</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The sinks of these names, and the quarantine, which is always loaded.</summary>
    /// <exception cref="KeyNotFoundException">A name is unknown; the command line has checked them.</exception>
    public static ImmutableList<ISink> Of(IEnumerable<string> names) => [new QuarantineSink(), .. names.Distinct().Select(n => Known[n]())];
}
