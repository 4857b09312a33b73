using System.Diagnostics.Metrics;
using Akka.Actor;

namespace Etl.Actors.Telemetry;

/// <summary>
/// What is read off the live tree when somebody collects, and costs nothing in between. An actor's cell counts its own mailbox; a mailbox that
/// counts would cost every message an interlocked operation, and stashes of actors that are writing would be missing there too.
/// </summary>
internal sealed class TreeGauges(ActorSystem system)
{
    /// <summary>Messages that wait, by kind of actor.</summary>
    public IEnumerable<Measurement<long>> MailboxDepth()
    {
        var depths = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (Find([]) is { } root) Add(depths, root);
        return depths.Select(kind => new Measurement<long>(kind.Value, new KeyValuePair<string, object?>(EtlTelemetry.KindTag, kind.Key)));
    }

    /// <summary>Mappers that are alive; nothing before there is a pool.</summary>
    public IEnumerable<Measurement<long>> PoolSize() =>
        Find(["mappers"]) is { } pool ? [new(pool.Underlying.ChildrenContainer.Children.Count)] : [];

    private ActorRefWithCell? Find(string[] below) =>
        !system.WhenTerminated.IsCompleted && system is ExtendedActorSystem extended
            ? extended.Provider.RootGuardian.GetChild(["user", EtlSupervisor.Name, .. below]) as ActorRefWithCell : null;

    private static void Add(SortedDictionary<string, long> depths, ActorRefWithCell actor)
    {
        var (cell, kind) = (actor.Underlying, ActorKind.Of(actor.Path));
        depths[kind] = depths.GetValueOrDefault(kind) + cell.NumberOfMessages;
        foreach (var child in cell.ChildrenContainer.Children)
            if (child is ActorRefWithCell below) Add(depths, below);
    }
}
