using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace Etl.Actors.Serialization;

/// <summary>
/// A checksum at the end of each journaled event: the database has none of its own, and a flipped bit in an amount would be a wrong answer.
/// It is a field of the message like others (number 2047, <c>fixed32</c>), so programs that do not know it read the event all the same;
/// events of before it have none, and are taken as they are.
/// </summary>
/// <remarks>CRC-32C (RFC 3720, appendix B.4) over the bytes before the field; all single and double bit errors are found.</remarks>
internal static class EventChecksum
{
    /// <summary>Bytes of the field.</summary>
    public const int Size = 6;

    // (2047 << 3) | 5 as a varint.
    private static ReadOnlySpan<byte> Tag => [0xFD, 0x7F];

    /// <summary>The message and its checksum.</summary>
    public static byte[] Seal(IMessage message)
    {
        var size = message.CalculateSize();
        var bytes = new byte[size + Size];
        message.WriteTo(bytes.AsSpan(0, size));
        Tag.CopyTo(bytes.AsSpan(size));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(size + 2), Of(bytes.AsSpan(0, size)));
        return bytes;
    }

    /// <summary>Compares an event with its checksum, when it has one.</summary>
    /// <exception cref="InvalidDataException">They do not agree.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size || !bytes[^Size..].StartsWith(Tag)) return;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != Of(bytes[..^Size]))
            throw new InvalidDataException("its checksum is wrong");
    }

    private static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
