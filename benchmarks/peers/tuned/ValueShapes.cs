using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Benchmarks.Tuned;

/// <summary>
/// Reads numbers of one to five digits with none to three decimals, by where the point and the end of the number are: a shuffle for each
/// pair brings the digits into eight fixed places.
/// </summary>
internal sealed unsafe class ValueShapes
{
    private const int Positions = 16, Whole = 5, Decimals = 3;
    private const byte Nothing = 0x80;

    private readonly Vector128<byte>* _shuffles =
        (Vector128<byte>*)NativeMemory.AlignedAlloc((nuint)(Positions * Positions * sizeof(Vector128<byte>)), 64);

    public ValueShapes()
    {
        for (var point = 0; point < Positions; point++)
            for (var end = 0; end < Positions; end++)
                _shuffles[(point * Positions) + end] = Shuffle(point, end);
    }

    /// <summary>The number in thousandths.</summary>
    /// <param name="text">From the number's first byte on.</param>
    /// <param name="point">Index of the point, or of the end when there is none.</param>
    /// <param name="end">Index of the byte after the number, which is no digit.</param>
    /// <param name="bad">Not 0 when this is no such number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(Vector128<byte> text, uint point, uint end, out uint bad)
    {
        // Zero is taken away before the shuffle, so that places without a digit are zero as they are.
        var digits = Ssse3.Shuffle(text - Vector128.Create((byte)'0'), _shuffles[(point * Positions) + end]);
        bad = Vector128.GreaterThan(digits, Vector128.Create((byte)9)).ExtractMostSignificantBits();
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((ushort)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064).AsInt16()).AsUInt64().ToScalar();
        return ((uint)fours * 10_000) + (uint)(fours >> 32);
    }

    private static Vector128<byte> Shuffle(int point, int end)
    {
        var fits = point is >= 1 and <= Whole && (end == point || end - point - 1 is >= 1 and <= Decimals);
        // What does not fit is given the byte at the end everywhere: no digit, hence bad.
        if (!fits) return Vector128.Create((byte)end);
        var shuffle = Vector128.Create(Nothing);
        for (var i = 0; i < point; i++) shuffle = shuffle.WithElement(Whole - point + i, (byte)i);
        for (var i = point + 1; i < end; i++) shuffle = shuffle.WithElement(Whole + i - point - 1, (byte)i);
        return shuffle;
    }
}
