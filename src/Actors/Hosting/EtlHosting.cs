using Akka.Configuration;
using Akka.Hosting;
using Etl.Actors.Extract;

namespace Etl.Actors.Hosting;

/// <summary>Registers the pipeline with Akka.Hosting.</summary>
public static class EtlHosting
{
    /// <summary>Name of the actor system.</summary>
    public const string SystemName = "etl";

    /// <summary>Adds the configuration and the tree at <c>/user/etl</c>, found later by <see cref="EtlSupervisor"/>.</summary>
    public static AkkaConfigurationBuilder AddEtl(
        this AkkaConfigurationBuilder builder, Config config, EtlSettings settings, SplitReader reader, FaultPoints faults) => builder
        .AddHocon(config, HoconAddMode.Replace)
        .WithActors((system, registry) =>
            registry.Register<EtlSupervisor>(system.ActorOf(EtlSupervisor.Props(settings, reader, faults), EtlSupervisor.Name)));
}
