using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Etl.Actors.Serialization;

/// <summary>
/// Writes and reads journaled events and messages between nodes, by versioned manifests. The formats are in <c>journal.proto</c> and
/// <c>wire.proto</c>. What cannot be read is a <see cref="SerializationException"/>, never a value that is half there.
/// </summary>
/// <remarks>
/// The generated classes are written and read without their descriptors, which cost about 45 ms when first touched: so no
/// <c>ToString</c>, JSON or reflection of generated messages at run time.
/// </remarks>
/// <param name="system">The actor system, which resolves the actors that messages name.</param>
public sealed class EtlSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stored with each event: never changed.</summary>
    public const int Id = 7301;

    private readonly WireMapping _wire = new(system);

    /// <inheritdoc />
    public override int Identifier => Id;

    /// <inheritdoc />
    public override string Manifest(object o) => JournalMapping.ManifestOf(o) ?? WireMapping.ManifestOf(o) ?? throw Foreign(o);

    /// <inheritdoc />
    public override byte[] ToBinary(object obj)
    {
        if (JournalMapping.ToStored(obj) is { } stored) return EventChecksum.Seal(stored);
        var message = WireMapping.ToSent(obj) ?? throw Foreign(obj);
        return message.ToByteArray();
    }

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest) => Read(bytes, manifest, _wire);

    /// <summary>Reads a journaled event without an actor system: it names no actors.</summary>
    /// <exception cref="SerializationException">It cannot be read, or is none.</exception>
    public static object ReadJournaled(byte[] bytes, string manifest) => Read(bytes, manifest, null);

    private static object Read(byte[] bytes, string manifest, WireMapping? wire)
    {
        try
        {
            if (JournalMapping.FromStored(manifest, bytes) is { } @event)
            {
                EventChecksum.Check(bytes);
                return @event;
            }

            return wire?.FromSent(manifest, bytes)
                ?? throw new SerializationException(
                    $"The manifest '{manifest}' is not known here: the journal or the sender is of a newer version of this product");
        }
        catch (Exception e) when (IsOfTheBytes(e))
        {
            throw new SerializationException($"The {bytes.Length} bytes of a '{manifest}' cannot be read: {e.Message}", e);
        }
    }

    // Protobuf's own, the mapping's, and what the BCL, the domain and Akka's paths throw for a number, a range or a uid that is none.
    private static bool IsOfTheBytes(Exception e) =>
        e is InvalidProtocolBufferException or InvalidDataException or ArgumentException or OverflowException or FormatException;

    private static SerializationException Foreign(object value) =>
        new($"{value.GetType()} has no manifest: it is neither journaled nor sent to other nodes");
}
