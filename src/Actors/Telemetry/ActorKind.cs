using Akka.Actor;

namespace Etl.Actors.Telemetry;

/// <summary>What an actor is, by its path: few words, whatever jobs and regions there are. Paths are public configuration and fixed. Pure.</summary>
internal static class ActorKind
{
    private const int BelowEtl = 2;

    /// <summary>The kind of an actor; "other" for what is not in the tree.</summary>
    public static string Of(ActorPath path) => Of(path.ToStringWithoutAddress());

    /// <inheritdoc cref="Of(ActorPath)" />
    public static string Of(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is not ["user", EtlSupervisor.Name, ..] ? "other" : parts[BelowEtl..] switch
        {
            [] => "root",
            ["jobs" or "mappers" or "extractors" or "reducers" or "loaders" or "status" or "queue"] => parts[^1],
            ["mappers", _] => "mapper",
            ["extractors", _] => "extractor",
            ["loaders", _] => "loader",
            ["jobs", var child] when child.StartsWith("forget-", StringComparison.Ordinal) => "forgetter",
            ["jobs" or "reducers" or "queue", _] => "backoff",
            ["jobs", _, "catalog" or "coordinator"] or ["reducers", _, "reducer"] or ["queue", _, "queue"] => parts[^1],
            _ => "other",
        };
    }
}
