using Akka.Actor;
using Akka.Configuration;
using Etl.Actors.Serialization;

namespace Etl.Actors.Tests.Serialization;

/// <summary>An actor system with the product's serialization, and a coordinator to refer to.</summary>
public sealed class SerializerFixture : IDisposable
{
    public SerializerFixture()
    {
        System = (ExtendedActorSystem)ActorSystem.Create("serialization", ConfigurationFactory.ParseString(SerializationConfig.Hocon));
        var coordinator = System.ActorOf(Props.Create(() => new Silent()), "coordinator");
        Serializer = new(System);
        All = [.. Examples.Journaled, .. Examples.Sent(coordinator)];
    }

    public ExtendedActorSystem System { get; }

    public EtlSerializer Serializer { get; }

    public IReadOnlyList<Example> All { get; }

    /// <summary>Reads what was written of a value.</summary>
    public object ThereAndBack(object value) => Serializer.FromBinary(Serializer.ToBinary(value), Serializer.Manifest(value));

    public void Dispose() => System.Dispose();

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
