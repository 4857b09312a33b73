using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Benchmarks.Tuned;

/// <summary>
/// One thread's sums per country and year, in thousandths. Rows as most files have them take a path with one branch; whatever it does not
/// recognise is read again by <see cref="SlowRow"/>, so the answer is right for other spellings too.
/// </summary>
internal sealed unsafe class Sums
{
    public const int FirstYear = 1900, LastYear = 2100, Years = LastYear - FirstYear + 1;

    private const ulong YearDigits = 0x0F0F_0F0F, YearFrame = 0xFF_F0F0_F0F0, YearText = 0x2C_3030_3030;
    private const ushort NoYear = 0x100;

    private readonly NameSlots _names;
    private readonly ValueShapes _values = new();
    private readonly ushort* _years = (ushort*)NativeMemory.AlignedAlloc((1 << 16) * sizeof(ushort), 64);
    private readonly long* _sums;
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    public Sums(RegionRow[] countries)
    {
        _names = new(countries);
        var bytes = (nuint)(countries.Length * Years * sizeof(long));
        _sums = (long*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_sums, bytes);
        for (var country = 0; country < countries.Length; country++) _byName.Add(countries[country].Name, country);
        new Span<ushort>(_years, 1 << 16).Fill(NoYear);
        for (var year = FirstYear; year <= LastYear; year++)
        {
            // The year's digits, the first in the lowest four bits: what is extracted from the text.
            var digits = (year / 1000) | (year / 100 % 10 << 4) | (year / 10 % 10 << 8) | (year % 10 << 12);
            _years[digits] = (ushort)(year - FirstYear);
        }
    }

    public long Rejected { get; private set; }

    public long this[int country, int yearIndex] => _sums[(country * Years) + yearIndex];

    /// <summary>
    /// Adds the rows from <paramref name="start"/> to <paramref name="end"/>. Where a row begins is known only when the one before it is
    /// read, so three places are read in turn: the processor works on them at the same time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(byte* start, byte* end)
    {
        var second = RowAfter(start + ((end - start) / 3), end);
        var third = RowAfter(start + ((end - start) / 3 * 2), end);
        byte* a = start, b = second, c = third;
        while (a < second && b < third && c < end)
        {
            a = AddRow(a);
            b = AddRow(b);
            c = AddRow(c);
        }

        while (a < second) a = AddRow(a);
        while (b < third) b = AddRow(b);
        while (c < end) c = AddRow(c);
    }

    private static byte* RowAfter(byte* at, byte* end) => at + new ReadOnlySpan<byte>(at, (int)(end - at)).IndexOf((byte)'\n') + 1;

    /// <summary>Adds one row; returns where the next begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* AddRow(byte* row)
    {
        // The country ends at a comma: the first one, or after an opening quote the first one behind a quote.
        var head = Vector256.Load(row);
        var commas = Vector256.Equals(head, Vector256.Create((byte)',')).ExtractMostSignificantBits();
        var quotes = Vector256.Equals(head, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
        var within = 0 - (quotes & 1);
        var length = BitOperations.TrailingZeroCount(commas & ((quotes << 1) | ~within));
        var key = head & Vector256.LessThanOrEqual(Vector256<sbyte>.Indices, Vector256.Create((sbyte)length)).AsByte();
        var slot = _names.Find(key);

        var yearAt = row + length + 1;
        var yearText = *(ulong*)yearAt;
        uint year = _years[(uint)Bmi2.X64.ParallelBitExtract(yearText, YearDigits)];

        var valueAt = yearAt + 5;
        var text = Vector128.Load(valueAt);
        var feeds = Vector128.Equals(text, Vector128.Create((byte)'\n')).ExtractMostSignificantBits();
        var points = Vector128.Equals(text, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        var end = (uint)BitOperations.TrailingZeroCount(feeds | 0x8000);
        var point = (uint)BitOperations.TrailingZeroCount(points | feeds | 0x8000);
        var value = _values.Read(text, point, end, out var bad);

        bad |= (feeds - 1) >> 31;                                                    // no line feed in sight
        bad |= year & NoYear;
        bad |= ~Vector256.Equals(key, slot->Key).ExtractMostSignificantBits();
        if ((bad | ((yearText & YearFrame) ^ YearText)) != 0) return AddSlowly(row);
        _sums[(slot->Country * Years) + (int)year] += value;
        return valueAt + end + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* AddSlowly(byte* row)
    {
        var end = row;
        while (*end != '\n') end++;
        if (SlowRow.TryRead(new ReadOnlySpan<byte>(row, (int)(end - row)), out var name, out var year, out var thousandths)
            && _byName.TryGetValue(name, out var country))
        {
            var sum = _sums + (country * Years) + year - FirstYear;
            *sum = checked(*sum + thousandths);
        }
        else
        {
            Rejected++;
        }

        return end + 1;
    }
}
