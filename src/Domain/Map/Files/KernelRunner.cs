using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Etl.Domain.Extract.Files;

namespace Etl.Domain.Map.Files;

/// <summary>How wide a mapper reads. The result is the same; tests compare them.</summary>
internal enum RowPath
{
    /// <summary>What the machine has.</summary>
    Fastest = 1,

    /// <summary>The kernel with 32 bytes at a time, where the machine has that.</summary>
    Vector256,

    /// <summary>Every row by <see cref="CsvRecordReader"/>.</summary>
    Reader,
}

/// <summary>Keeps the kernel's tables in step with what is known, and calls the variant that suits the plan and the machine.</summary>
internal sealed class KernelRunner
{
    private readonly FileLayout _layout;
    private readonly KeyGrid _grid;
    private readonly ContributionTable _sums;
    private readonly NameTable _names;
    private readonly YearTable _years = new();
    private readonly byte[] _shapes;
    private readonly bool _wide;
    private readonly int _noYearColumn;
    private int _cellShift;
    private int _knownColumns;

    private KernelRunner(FilePlan plan, RowSink sink, ContributionTable sums, bool wide)
    {
        _layout = plan.Layout;
        _grid = sink.Grid;
        _sums = sums;
        _wide = wide;
        _noYearColumn = _layout.Year < 0 ? _grid.ColumnOf(plan.Map.DefaultYear) : 0;
        _shapes = ValueShapes.For(plan.Map.Unit);
        _cellShift = CellShift;
        _names = new NameTable(_cellShift);
    }

    /// <summary>The power of two of a country's cells, in bytes.</summary>
    private int CellShift => _grid.Shift + BitOperations.Log2(ContributionTable.CellBytes);

    /// <summary>A runner, or null when the rows of the plan are none that the kernel knows, or the machine lacks its instructions.</summary>
    public static KernelRunner? For(FilePlan plan, RowSink sink, RowPath path)
    {
        var layout = plan.Layout;
        // A delimiter that could be a part of a number or a line end would be mistaken for it.
        var suits = layout.Format == RecordFormat.Csv && !plan.Multiline && plan.MaxLineBytes >= RowKernel.Window
            && layout.Columns is >= 2 and < RowKernel.Window && layout.Delimiter is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|'
            && layout.Country != layout.Year && layout.Country != layout.Value && layout.Year != layout.Value;
        return suits && path != RowPath.Reader && RowKernel.IsSupported && sink.Sums is { } sums
            ? new(plan, sink, sums, path == RowPath.Fastest && Vector512.IsHardwareAccelerated && Avx512BW.IsSupported)
            : null;
    }

    /// <summary>Remembers a name as it was written in a row.</summary>
    public void Learn(ReadOnlySpan<byte> data, scoped in FileRecord record, int country)
    {
        var end = record.WrittenCountry + record.WrittenLength;
        if (country >= 0 && end < data.Length)
            _names.Add(data[record.WrittenCountry..end], data[end], country);
    }

    /// <summary>Adds rows from <paramref name="at"/> to the first that is not ordinary; returns where that is.</summary>
    public int Run(byte[] buffer, int at, int limit, ref long rows)
    {
        _sums.Fit();
        if (_knownColumns != _grid.Columns)
        {
            _years.Fill(_grid);
            _knownColumns = _grid.Columns;
        }

        if (_cellShift != CellShift)
            _names.Move(_cellShift = CellShift);

        var tables = new KernelTables
        {
            Names = ref _names.Slots,
            Displacements = ref _names.Displacements,
            Years = ref _years.Entries,
            Shapes = ref MemoryMarshal.GetArrayDataReference(_shapes),
            Cells = ref _sums.Cells,
            Multiplier1 = _names.Multiplier1,
            Multiplier2 = _names.Multiplier2,
            NameMask = _names.Mask,
            NoYear = (ulong)(_noYearColumn * ContributionTable.CellBytes),
        };
        ref var data = ref MemoryMarshal.GetArrayDataReference(buffer);
        ref var row = ref Unsafe.Add(ref data, at);
        ref var end = ref Unsafe.Add(ref data, limit);
        // The end of the last line tells how the others end, in nearly every file. Lines that end otherwise are read by the longer way.
        var carriageReturns = limit - at > 1 && buffer[limit - 2] == '\r';
        ref var stopped = ref _wide
            ? ref Run(ref row, ref end, new Window512(_layout.Delimiter), carriageReturns, tables, ref rows)
            : ref Run(ref row, ref end, new Window256(_layout.Delimiter), carriageReturns, tables, ref rows);
        return (int)Unsafe.ByteOffset(ref data, ref stopped);
    }

    private ref byte Run<TWindow>(ref byte row, ref byte end, TWindow window, bool carriageReturns, in KernelTables tables, ref long rows)
        where TWindow : struct, IKernelWindow
    {
        if (_layout is { Columns: 3, Country: 0, Year: 1, Value: 2 })
            return ref Run(ref row, ref end, window, new PlainOrder(), carriageReturns, tables, ref rows);
        if (_layout.Year < 0)
            return ref Run(ref row, ref end, window, new NoYearOrder(_layout.Columns, _layout.Country, _layout.Value), carriageReturns, tables, ref rows);
        return ref Run(
            ref row, ref end, window, new AnyOrder(_layout.Columns, _layout.Country, _layout.Year, _layout.Value), carriageReturns, tables, ref rows);
    }

    private static ref byte Run<TWindow, TOrder>(
        ref byte row, ref byte end, TWindow window, TOrder order, bool carriageReturns, in KernelTables tables, ref long rows)
        where TWindow : struct, IKernelWindow
        where TOrder : struct, IKernelOrder
    {
        if (carriageReturns)
            return ref RowKernel.Run<TWindow, TOrder, CarriageReturnEnd>(ref row, ref end, window, order, tables, ref rows);
        return ref RowKernel.Run<TWindow, TOrder, LineFeedEnd>(ref row, ref end, window, order, tables, ref rows);
    }
}
