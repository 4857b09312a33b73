using Akka.Actor;

namespace Etl.Actors.Protocol;

/// <summary>
/// A message that is passed by reference and never leaves the process: buffers, ticks, replies to oneself. It has no manifest, and an
/// attempt to serialize it is refused.
/// </summary>
/// <remarks>Akka's marker exempts it from <c>serialize-messages = on</c>, which tests use to exercise the wire messages.</remarks>
public interface ILocalMessage : INoSerializationVerificationNeeded;
