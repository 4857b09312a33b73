namespace Etl.Actors.Serialization;

/// <summary>Akka's serialization settings. Not for users to change, hence here and not in <c>hocon/</c>.</summary>
public static class SerializationConfig
{
    /// <summary>
    /// Binds what is journaled or sent to <see cref="EtlSerializer"/>, and everything without a binding to <see cref="RefusingSerializer"/>.
    /// It has to win over Akka's reference configuration.
    /// </summary>
    public const string Hocon = """
        akka.actor {
          serializers {
            # Akka binds System.Object to this name.
            json = "Etl.Actors.Serialization.RefusingSerializer, Etl.Actors"
            etl = "Etl.Actors.Serialization.EtlSerializer, Etl.Actors"
          }
          serialization-bindings {
            # The domain knows no serializer, so its base types are named one by one.
            "Etl.Domain.Jobs.JobEvent, Etl.Domain" = etl
            "Etl.Domain.Jobs.CatalogEvent, Etl.Domain" = etl
            "Etl.Domain.Jobs.Queueing.QueueEvent, Etl.Domain" = etl
            "Etl.Domain.Reduce.RegionEvent, Etl.Domain" = etl
            "Etl.Actors.Protocol.IWireMessage, Etl.Actors" = etl
          }
        }
        """;
}
