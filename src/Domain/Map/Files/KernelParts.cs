using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Where the characters that structure a row stand in the 64 bytes from its beginning, a bit each. A type argument of the kernel, so that
/// each variant is compiled by itself.
/// </summary>
internal interface IKernelWindow
{
    void Read(ref byte row, out ulong feeds, out ulong delimiters, out ulong quotes);
}

/// <summary>One load of 64 bytes.</summary>
internal readonly struct Window512(byte delimiter) : IKernelWindow
{
    private readonly Vector512<byte> _delimiter = Vector512.Create(delimiter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref byte row, out ulong feeds, out ulong delimiters, out ulong quotes)
    {
        var bytes = Vector512.LoadUnsafe(ref row);
        feeds = Vector512.Equals(bytes, Vector512.Create((byte)'\n')).ExtractMostSignificantBits();
        delimiters = Vector512.Equals(bytes, _delimiter).ExtractMostSignificantBits();
        quotes = Vector512.Equals(bytes, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
    }
}

/// <summary>Two loads of 32 bytes.</summary>
internal readonly struct Window256(byte delimiter) : IKernelWindow
{
    private readonly Vector256<byte> _delimiter = Vector256.Create(delimiter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ref byte row, out ulong feeds, out ulong delimiters, out ulong quotes)
    {
        var low = Vector256.LoadUnsafe(ref row);
        var high = Vector256.LoadUnsafe(ref row, 32);
        feeds = Both(low, high, Vector256.Create((byte)'\n'));
        delimiters = Both(low, high, _delimiter);
        quotes = Both(low, high, Vector256.Create((byte)'"'));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Both(Vector256<byte> low, Vector256<byte> high, Vector256<byte> character) =>
        Vector256.Equals(low, character).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high, character).ExtractMostSignificantBits() << 32);
}

/// <summary>How lines end. A type argument of the kernel like <see cref="IKernelWindow"/>.</summary>
internal interface IKernelLineEnd
{
    /// <summary>Bytes of a line's end before its line feed.</summary>
    static abstract ulong Before { get; }
}

/// <summary>
/// By a line feed alone. A carriage return before it then belongs to the last field, which is no field that the kernel knows, so no other
/// check is needed.
/// </summary>
internal readonly struct LineFeedEnd : IKernelLineEnd
{
    public static ulong Before => 0;
}

/// <summary>By a carriage return and a line feed. The kernel checks that both are there.</summary>
internal readonly struct CarriageReturnEnd : IKernelLineEnd
{
    public static ulong Before => 1;
}

/// <summary>Where a row's fields are, in bytes from its beginning: the name as written, year and value without quotes.</summary>
internal struct KernelFields
{
    public ulong Name, NameEnd, Year, YearEnd, Value, ValueEnd;

    /// <summary>0 when the row has as many fields as it should.</summary>
    public ulong Bad;
}

/// <summary>In which order the columns stand. A type argument of the kernel like <see cref="IKernelWindow"/>.</summary>
internal interface IKernelOrder
{
    static abstract bool HasYear { get; }

    /// <summary>Finds the fields of a row without quotes.</summary>
    /// <param name="delimiters">Those of the row, a bit each.</param>
    /// <param name="end">The byte after the last field.</param>
    KernelFields Locate(ulong delimiters, ulong end);

    /// <summary>Finds the fields of any row.</summary>
    /// <param name="written">The byte after each field, a bit each.</param>
    /// <param name="starts">The first byte of each field without quotes.</param>
    /// <param name="ends">The byte after each field without quotes.</param>
    KernelFields Locate(ulong written, ulong starts, ulong ends);
}

/// <summary>Country, year, value and nothing else, which is what most such files hold.</summary>
internal readonly struct PlainOrder : IKernelOrder
{
    private const int Columns = 3;

    public static bool HasYear => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelFields Locate(ulong delimiters, ulong end)
    {
        var second = Bmi1.X64.ResetLowestSetBit(delimiters);
        var nameEnd = Bmi1.X64.TrailingZeroCount(delimiters);
        var yearEnd = Bmi1.X64.TrailingZeroCount(second);
        // Without a second delimiter the year would end at 64, and the value with a negative length.
        return new()
        {
            Name = 0,
            NameEnd = nameEnd,
            Year = nameEnd + 1,
            YearEnd = yearEnd,
            Value = yearEnd + 1,
            ValueEnd = end,
            Bad = Bmi1.X64.ResetLowestSetBit(second),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelFields Locate(ulong written, ulong starts, ulong ends)
    {
        var (secondStart, secondEnd) = (Bmi1.X64.ResetLowestSetBit(starts), Bmi1.X64.ResetLowestSetBit(ends));
        return new()
        {
            Name = 0,
            NameEnd = Bmi1.X64.TrailingZeroCount(written),
            Year = Bmi1.X64.TrailingZeroCount(secondStart),
            YearEnd = Bmi1.X64.TrailingZeroCount(secondEnd),
            Value = Bmi1.X64.TrailingZeroCount(Bmi1.X64.ResetLowestSetBit(secondStart)),
            ValueEnd = Bmi1.X64.TrailingZeroCount(Bmi1.X64.ResetLowestSetBit(secondEnd)),
            Bad = Popcnt.X64.PopCount(written) - Columns,
        };
    }
}

/// <summary>Any columns in any order.</summary>
internal readonly struct AnyOrder(int columns, int country, int year, int value) : IKernelOrder
{
    private readonly ulong _columns = (ulong)columns, _country = 1UL << country, _year = 1UL << year, _value = 1UL << value;

    public static bool HasYear => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelFields Locate(ulong delimiters, ulong end)
    {
        var ends = delimiters | (1UL << (int)end);
        return Locate(ends, (ends << 1) | 1, ends);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelFields Locate(ulong written, ulong starts, ulong ends) => new()
    {
        Name = Find(_country, (written << 1) | 1),
        NameEnd = Find(_country, written),
        Year = Find(_year, starts),
        YearEnd = Find(_year, ends),
        Value = Find(_value, starts),
        ValueEnd = Find(_value, ends),
        Bad = Popcnt.X64.PopCount(written) - _columns,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(ulong field, ulong mask) => Bmi1.X64.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(field, mask));
}

/// <summary>Any columns in any order, none of which is a year.</summary>
internal readonly struct NoYearOrder(int columns, int country, int value) : IKernelOrder
{
    private readonly AnyOrder _order = new(columns, country, country, value);

    public static bool HasYear => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelFields Locate(ulong delimiters, ulong end) => _order.Locate(delimiters, end);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelFields Locate(ulong written, ulong starts, ulong ends) => _order.Locate(written, starts, ends);
}
