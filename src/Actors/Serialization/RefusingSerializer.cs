using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Etl.Actors.Serialization;

/// <summary>
/// Stands where Akka's default object serializer would: it refuses. Otherwise a type without a format of its own would be stored in
/// whatever shape it had that day, and bytes from outside could name any type to be built.
/// </summary>
/// <param name="system">The actor system.</param>
public sealed class RefusingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The default serializer's own, so that bytes it wrote are refused by name.</summary>
    public const int Id = 1;

    /// <summary>The constructor Akka looks for: its reference configuration has settings for the default serializer.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings) : this(system) => _ = settings;

    /// <inheritdoc />
    public override int Identifier => Id;

    /// <inheritdoc />
    public override string Manifest(object o) => throw Refused(o);

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => throw Refused(obj);

    /// <inheritdoc />
    /// <remarks>The manifest is a text here: no type is looked up, let alone loaded.</remarks>
    public override object FromBinary(byte[] bytes, string manifest) =>
        throw new SerializationException($"Refused to read '{manifest}': it was written by the default serializer, not by this product");

    private static SerializationException Refused(object value) =>
        new($"Refused to write {value.GetType()}: it is not bound to a serializer, so it may be neither journaled nor sent to other nodes");
}
