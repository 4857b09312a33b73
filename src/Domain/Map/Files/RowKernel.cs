using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Domain.Map.Files;

/// <summary>What the kernel looks things up in.</summary>
internal ref struct KernelTables
{
    public ref byte Names;
    public ref ushort Displacements;
    public ref ulong Years;
    public ref byte Shapes;
    public ref byte Cells;
    public ulong Multiplier1, Multiplier2;
    public uint NameMask;

    /// <summary>Offset of the cell of rows that tell no year.</summary>
    public ulong NoYear;
}

/// <summary>
/// Adds ordinary rows to the sums without a branch that depends on what they say: at most 63 bytes, a known name of at most 31, a known
/// year, a plain decimal of at most 15 characters, quotes only around whole fields. It stops at the first row that is not so and has
/// changed nothing for it, so it never has to be right about anything else.
/// </summary>
/// <remarks>
/// One cursor is enough: where the next row begins depends on nothing but the line feed, which is known long before the row is done, so the
/// core works on several rows at once anyway. Only whether a row has quotes is a branch: it costs less than what it saves most rows.
/// </remarks>
internal static class RowKernel
{
    /// <summary>A row is looked at through a window of so many bytes, whose lowest line feed must be in it.</summary>
    public const int Window = 64;

    /// <summary>True where its instructions exist.</summary>
    public static bool IsSupported => Avx2.IsSupported && Bmi1.X64.IsSupported && Bmi2.X64.IsSupported && Popcnt.X64.IsSupported && Pclmulqdq.IsSupported;

    // 32 x 0xFF, then zeros: loaded from 31 - n it keeps n + 1 bytes.
    private static ReadOnlySpan<byte> KeptBytes =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>Adds rows from <paramref name="row"/> on; returns the first that is not ordinary.</summary>
    /// <param name="row">The beginning of a row; <see cref="BatchBytes.Padding"/> bytes after the limit may be read.</param>
    /// <param name="limit">The byte after a line feed: rows that begin before it end before it.</param>
    /// <param name="rows">Incremented by the number of rows.</param>
    // Compiled fully at its first call, because a first batch of millions of rows would otherwise run unoptimised to its end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ref byte Run<TWindow, TOrder, TLineEnd>(
        ref byte row, ref byte limit, TWindow window, TOrder order, in KernelTables tables, ref long rows)
        where TWindow : struct, IKernelWindow
        where TOrder : struct, IKernelOrder
        where TLineEnd : struct, IKernelLineEnd
    {
        ref var kept = ref MemoryMarshal.GetReference(KeptBytes);
        ref var names = ref tables.Names;
        ref var displacements = ref tables.Displacements;
        ref var years = ref tables.Years;
        ref var shapes = ref tables.Shapes;
        ref var cells = ref tables.Cells;
        var (multiplier1, multiplier2, mask) = (tables.Multiplier1, tables.Multiplier2, tables.NameMask);
        var noYear = tables.NoYear;
        long done = 0;
        // A row's digits wait for the next row before they are added, since its cell comes from afar and what waits for it keeps the core from
        // looking further ahead. Before the first row it is nobody's cell.
        var nobody = Vector256<long>.Zero;
        ref var sums = ref Unsafe.As<Vector256<long>, byte>(ref nobody);
        var waiting = Vector128<byte>.Zero;

        while (Unsafe.IsAddressLessThan(ref row, ref limit))
        {
            window.Read(ref row, out var feeds, out var delimiters, out var quotes);
            var feed = Bmi1.X64.TrailingZeroCount(feeds);
            var line = Bmi1.X64.GetMaskUpToLowestSetBit(feeds);
            var end = feed - TLineEnd.Before;
            quotes &= line;
            delimiters &= line;
            KernelFields fields;
            if (quotes == 0)
            {
                fields = order.Locate(delimiters, end);
            }
            else
            {
                // From each opening quote to before its closing one.
                var inside = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(quotes), Vector128<ulong>.AllBitsSet, 0).ToScalar();
                var written = Bmi1.X64.AndNot(inside, delimiters) | (1UL << (int)end);
                var starts = (written << 1) | 1;
                var opens = quotes & inside;
                var closes = Bmi1.X64.AndNot(inside, quotes);
                // A quote that opens moves its field's start up by one, since adding a bit to itself does, and one that closes moves the end down.
                fields = order.Locate(written, starts + opens, written - closes);
                // A quote that opens elsewhere than at a field's start or closes elsewhere than at its end, or is open at the line's end.
                fields.Bad |= (opens & ~starts) | (closes & ~(written >> 1)) | (inside & (1UL << 63));
            }

            var nameLength = fields.NameEnd - fields.Name;
            ref var text = ref Unsafe.Add(ref row, (nint)fields.Name);
            var hash = NameTable.Hash(ref text, nameLength, multiplier1, multiplier2);
            var key = Vector256.LoadUnsafe(ref text) & Vector256.LoadUnsafe(ref kept, (nuint)(~nameLength & 31));
            ref var name = ref Unsafe.Add(ref names, (nint)(NameTable.PlaceOf(hash, ref displacements, mask) * (ulong)NameTable.SlotBytes));
            var cell = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref name, NameTable.KeyBytes));

            // No line feed in the window, a name or a value that is too long for what follows, another number of fields.
            var length = fields.ValueEnd - fields.Value;
            var bad = ((nameLength | (feed >> 1) | (length << 1)) & ~31UL) | fields.Bad;
            if (TLineEnd.Before != 0)
                bad |= (uint)Unsafe.Add(ref row, (nint)(end & (Window - 1))) ^ '\r';

            if (TOrder.HasYear)
            {
                var year = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref row, (nint)fields.Year));
                var known = Unsafe.Add(ref years, (nint)YearTable.PlaceOf(year));
                bad |= (fields.YearEnd - fields.Year - 4) | (uint)(known ^ year);
                cell += known >> 32;
            }
            else
            {
                cell += noYear;
            }

            var value = Vector128.LoadUnsafe(ref row, (nuint)fields.Value);
            var points = Vector128.Equals(value, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
            var point = Bmi1.TrailingZeroCount(points | (1u << (int)length));
            var shape = Vector128.LoadUnsafe(ref shapes, (nuint)((((point << 4) | (uint)length) & 255) << 4));
            var digits = Ssse3.Shuffle(value - Vector128.Create((byte)'0'), shape);

            // What is no digit is above 9; what is another name differs somewhere.
            var wrong = (Vector256.LoadUnsafe(ref name) ^ key) | Sse2.SubtractSaturate(digits, Vector128.Create((byte)9)).ToVector256();
            if (bad != 0 || !Avx.TestZ(wrong, wrong))
                break;

            Add(ref sums, waiting);
            waiting = digits;
            sums = ref Unsafe.Add(ref cells, (nint)cell);

            row = ref Unsafe.Add(ref row, (nint)feed + 1);
            done++;
        }

        Add(ref sums, waiting);
        rows += done;
        return ref row;
    }

    /// <summary>Adds a row to its cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref byte sums, Vector128<byte> digits)
    {
        // Pairs, fours and eights of digits, and beside the two halves a 1 to count the row.
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create(0x010A_010A_010A_010AUL, 0x010A_010A_010A_010AUL).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064_0001_0064UL, 0x0001_0064_0001_0064UL).AsInt16());
        var packed = Sse41.PackUnsignedSaturate(fours, Vector128.Create(0, 1, 0, 0)).AsInt16();
        var halves = Sse2.MultiplyAddAdjacent(packed, Vector128.Create(0x0001_2710_0001_2710UL, 0x0001_2710_0001_2710UL).AsInt16());
        (Unsafe.ReadUnaligned<Vector256<long>>(ref sums) + Avx2.ConvertToVector256Int64(halves)).StoreUnsafe(ref Unsafe.As<byte, long>(ref sums));
    }
}
