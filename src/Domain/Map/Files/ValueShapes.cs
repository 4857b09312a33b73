using System.Diagnostics;

namespace Etl.Domain.Map.Files;

/// <summary>
/// How the kernel lays the characters of a value out as 16 digits with a fixed number of decimals: for each length and place of the point
/// a shuffle. A value that does not fit has a shuffle that picks a character which is no digit, so that no further check is needed.
/// </summary>
internal static class ValueShapes
{
    /// <summary>One more than the longest value that is laid out. The character after it must be in the same 16 bytes.</summary>
    public const int Lengths = 16;

    private const int Digits = 16;

    private const byte Nothing = 0x80;

    /// <summary>How many of the digits stand after the point: as many as leave room for nearly every amount that is not absurd.</summary>
    public static int Decimals(Unit unit) => unit switch
    {
        Unit.Usd => 2,
        Unit.Thousand => 4,
        Unit.Million => 7,
        Unit.Billion => 10,
        _ => throw new UnreachableException($"unit {(int)unit}"),
    };

    /// <summary>The shuffles, 16 bytes each, at (place of the point) * 16 + length; without a point its place is the length.</summary>
    public static byte[] For(Unit unit)
    {
        var shapes = new byte[Lengths * Lengths * Digits];
        for (var point = 0; point < Lengths; point++)
        {
            for (var length = 0; length < Lengths; length++)
                Fill(shapes.AsSpan(((point * Lengths) + length) * Digits, Digits), point, length, Decimals(unit));
        }

        return shapes;
    }

    private static void Fill(Span<byte> shape, int point, int length, int decimals)
    {
        shape.Fill(Nothing);
        var whole = Digits - decimals;
        var fraction = length - point - 1;
        if (point == 0 || point > whole || point > length || fraction == 0 || fraction > decimals)
        {
            // The point, or what ends the field: neither is a digit.
            shape[0] = (byte)Math.Min(point, length);
            return;
        }

        for (var digit = 0; digit < point; digit++)
            shape[whole - point + digit] = (byte)digit;
        for (var digit = 0; digit < fraction; digit++)
            shape[whole + digit] = (byte)(point + 1 + digit);
    }
}
