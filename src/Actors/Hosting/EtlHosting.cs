using Akka.Actor;
using Etl.Actors.Extract;

namespace Etl.Actors.Hosting;

/// <summary>Starts the pipeline in an actor system.</summary>
public static class EtlHosting
{
    /// <summary>Name of the actor system.</summary>
    public const string SystemName = "etl";

    /// <summary>
    /// Starts the tree at <c>/user/etl</c>. Apart from the system's own start, because the tree opens the journal at once: the state
    /// directory must be locked by then, and the system can start while the input is still being read.
    /// </summary>
    public static IActorRef StartEtl(this ActorSystem system, EtlSettings settings, SplitReader reader, FaultPoints faults)
    {
        ChaosMonkey.Of(system).Use(settings.Chaos);
        return system.ActorOf(EtlSupervisor.Props(settings, reader, faults), EtlSupervisor.Name);
    }
}
