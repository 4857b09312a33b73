using Etl.Domain.Map;
using Google.Protobuf;

namespace Etl.Actors.Serialization;

/// <summary>Amounts without the decimal zeros they share.</summary>
internal static class Amounts
{
    public static long PowerOfTen(int zeros)
    {
        long power = 1;
        for (var i = 0; i < zeros; i++) power *= 10;
        return power;
    }

    /// <summary>How many decimal zeros <paramref name="value"/> ends in, at most <paramref name="limit"/>.</summary>
    public static int Zeros(Int128 value, int limit)
    {
        for (var power = PowerOfTen(limit); value % power != 0; power /= 10) limit--;
        return limit;
    }
}

/// <summary>The column of amounts, as it is written.</summary>
internal struct AmountWriter(int entries, int zeros)
{
    private readonly long _divisor = Amounts.PowerOfTen(zeros);

    // A figure in millions takes 2 to 5 bytes; a guess that is too low costs a copy.
    private byte[] _bytes = new byte[(entries * 6) + Varint128.MaxBytes];
    private int _length;

    public void Add(Money amount)
    {
        if (_bytes.Length - _length < Varint128.MaxBytes) Array.Resize(ref _bytes, (_bytes.Length * 2) + Varint128.MaxBytes);
        _length += Varint128.Write(_bytes.AsSpan(_length), _divisor == 1 ? amount.Pico : amount.Pico / _divisor);
    }

    public readonly ByteString ToByteString() => UnsafeByteOperations.UnsafeWrap(_bytes.AsMemory(0, _length));
}
