namespace Etl.Actors.Protocol;

/// <summary>
/// A message that may cross from one node to another. It has a manifest, a mapping and a round-trip example; the serializer is bound to
/// this interface. A message is this or an <see cref="ILocalMessage"/>: there is no third kind.
/// </summary>
public interface IWireMessage;
