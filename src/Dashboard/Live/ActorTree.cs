using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Supervision;

namespace Etl.Dashboard.Live;

/// <summary>A live actor.</summary>
/// <param name="Depth">0 for <c>/user/etl</c>.</param>
/// <param name="Kind">The actor's type, without "Actor".</param>
/// <param name="State">idle, at work, stopping, or that it waits to create its child again.</param>
/// <param name="Mailbox">Messages that wait.</param>
/// <param name="Children">How many it has.</param>
public sealed record ActorNode(string Path, string Name, int Depth, string Kind, string State, int Mailbox, int Children);

/// <summary>Looks at the tree of live actors, for display: a snapshot that is nobody's truth, and costs the actors nothing.</summary>
public static class ActorTree
{
    /// <summary>More than these are not listed.</summary>
    public const int Most = 400;

    // Akka keeps its routers' cells to itself: their props name a class of no use.
    private const string Routers = "EmptyActor";

    /// <summary>The actors at and below <paramref name="path"/>, parents before children.</summary>
    public static ImmutableArray<ActorNode> Of(ActorSystem system, string path = "/user/etl")
    {
        var nodes = ImmutableArray.CreateBuilder<ActorNode>();
        if (system is ExtendedActorSystem extended && extended.Provider.RootGuardian.GetChild(path.Trim('/').Split('/')) is ActorRefWithCell top) Add(nodes, top, 0);
        return nodes.ToImmutable();
    }

    private static void Add(ImmutableArray<ActorNode>.Builder nodes, ActorRefWithCell actor, int depth)
    {
        if (nodes.Count >= Most) return;
        var (cell, isRouter) = (actor.Underlying, actor.Underlying.Props?.Type?.Name == Routers);
        IInternalActorRef[] children = [.. cell.ChildrenContainer.Children.OrderBy(c => c.Path.Name, StringComparer.Ordinal)];
        nodes.Add(new(actor.Path.ToStringWithoutAddress(), actor.Path.Name, depth, KindOf(cell, isRouter), StateOf(cell, children.Length, isRouter), cell.NumberOfMessages, children.Length));
        foreach (var child in children)
            if (child is ActorRefWithCell below) Add(nodes, below, depth + 1);
    }

    // A cell that has a message in hand, or some to take, is at work; one whose child fails again and again has none for a while.
    private static string StateOf(ICell cell, int children, bool isRouter) =>
        cell.IsTerminated || cell.ChildrenContainer.IsTerminating ? "stopping"
        : children == 0 && SupervisionPolicy.CreatesAgain(cell.Props?.Type) ? "waits to create it again"
        // A router hands messages on without taking them in hand.
        : cell.HasMessages || (!isRouter && cell is ActorCell { CurrentMessage: not null }) ? "at work" : "idle";

    private static string KindOf(ICell cell, bool isRouter)
    {
        if (isRouter) return "Router";
        var type = (cell.Props?.Type ?? typeof(object)).Name;
        return type.EndsWith("Actor", StringComparison.Ordinal) ? type[..^"Actor".Length] : type;
    }
}
