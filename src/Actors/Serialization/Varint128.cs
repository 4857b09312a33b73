using Google.Protobuf;

namespace Etl.Actors.Serialization;

/// <summary>
/// Signed 128-bit numbers as zigzag varints: protobuf's sint64, wider. An amount in 10⁻¹² USD needs up to 86 bits, and most need far fewer.
/// </summary>
internal static class Varint128
{
    /// <summary>The longest one: 128 bits in groups of 7.</summary>
    public const int MaxBytes = 19;

    private const int LowBits = 63;

    // 18 groups hold 126 bits: the last one has 2 left.
    private const byte LastMax = 3;

    public static int Write(Span<byte> target, Int128 value)
    {
        var rest = unchecked((UInt128)((value << 1) ^ (value >> 127)));
        var length = 0;
        while (rest > ulong.MaxValue)
        {
            target[length++] = (byte)((byte)(rest & 0x7F) | 0x80);
            rest >>= 7;
        }

        // 64-bit steps once it fits, which is at once for nearly all amounts.
        var low = (ulong)rest;
        for (; low >= 0x80; low >>= 7) target[length++] = (byte)(low | 0x80);
        target[length++] = (byte)low;
        return length;
    }

    public static Int128 Read(ReadOnlySpan<byte> source, ref int position)
    {
        // 64-bit steps as far as they go, which is all the way for nearly all amounts.
        ulong low = 0;
        for (var shift = 0; shift < LowBits; shift += 7)
        {
            var group = Next(source, ref position);
            low |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80) return (long)(low >> 1) ^ -(long)(low & 1);
        }

        UInt128 value = low;
        for (var shift = LowBits; shift < MaxBytes * 7; shift += 7)
        {
            var group = Next(source, ref position);
            if (shift == (MaxBytes - 1) * 7 && group > LastMax) break;
            value |= (UInt128)(group & 0x7Fu) << shift;
            if (group < 0x80) return unchecked((Int128)(value >> 1) ^ -(Int128)(value & 1));
        }

        throw new InvalidDataException("an amount is too long");
    }

    public static ByteString ToStored(Int128 value)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        return ByteString.CopyFrom(bytes[..Write(bytes, value)]);
    }

    public static Int128 FromStored(ByteString stored)
    {
        var position = 0;
        var value = Read(stored.Span, ref position);
        return position == stored.Length ? value : throw new InvalidDataException("an amount is followed by something");
    }

    private static byte Next(ReadOnlySpan<byte> source, ref int position) =>
        position < source.Length ? source[position++] : throw new InvalidDataException("an amount is cut short");
}
