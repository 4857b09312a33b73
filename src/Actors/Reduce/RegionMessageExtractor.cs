using Etl.Actors.Protocol;

namespace Etl.Actors.Reduce;

/// <summary>
/// Which entity a message is for: the three questions of Akka's sharding, asked without its assemblies, so that a run on one machine
/// loads no cluster. A sharded region is given the same answers by an adapter.
/// </summary>
public interface IMessageExtractor
{
    /// <summary>Entity id, or null when the message is not for an entity.</summary>
    string? EntityId(object message);

    /// <summary>What the entity receives.</summary>
    object EntityMessage(object message);

    /// <summary>Shard of an entity: stable over processes and versions.</summary>
    string ShardId(string entityId);
}

/// <summary>Routes by job and region ordinal: <c>{jobId:N}-{ordinal}</c>. A region's name can hold anything, an actor's name cannot.</summary>
public sealed class RegionMessageExtractor : IMessageExtractor
{
    private const int Shards = 64;

    /// <inheritdoc />
    public string? EntityId(object message) => message is ReduceProtocol.IRegionMessage region ? $"{region.Job}-{region.Region}" : null;

    /// <inheritdoc />
    public object EntityMessage(object message) => message;

    /// <inheritdoc />
    public string ShardId(string entityId)
    {
        // FNV-1a: string.GetHashCode differs from process to process and must never route.
        var hash = 2166136261u;
        foreach (var character in entityId) hash = (hash ^ character) * 16777619u;
        return (hash % Shards).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
