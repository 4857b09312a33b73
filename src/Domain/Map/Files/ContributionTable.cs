using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Etl.Domain.Reduce;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Exact sums of contributions. The kernel adds its rows as two halves of eight digits and a count in one 32-byte cell; other rows add
/// their amount to a sum beside it.
/// </summary>
/// <remarks>
/// No sum can overflow unnoticed: a batch lies in one array, so it has fewer than 2^31 rows. Halves are below 10^8, so their sums stay
/// below 2^58 of a cell's 64 bits; amounts are at most 10^27 (absurd ones are rejected), so their sums stay below 2^121 of 127 bits.
/// </remarks>
internal sealed class ContributionTable(KeyGrid grid, Unit unit) : IFigureTable
{
    /// <summary>Size of a cell: the sums of the upper and of the lower half, the number of rows, and 8 bytes that stay 0.</summary>
    public const int CellBytes = 32;

    private const int Alignment = 64, HalfOfDigits = 100_000_000;

    private readonly Int128 _scale = Money.PowerOfTen(Units.PicoExponent(unit) - ValueShapes.Decimals(unit));
    private byte[] _cells = [];
    private Int128[] _others = [];
    private bool _hasOthers;
    private int _first;
    private int _shift;
    private int _slots;

    [StructLayout(LayoutKind.Sequential, Size = CellBytes)]
    private struct Cell
    {
        public ulong Upper, Lower, Rows;
    }

    /// <summary>The cells, aligned so that none lies in two cache lines. Valid until <see cref="Fit"/> returns true.</summary>
    public ref byte Cells => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), _first);

    /// <inheritdoc />
    public bool Fit()
    {
        if (grid.Slots <= _slots && grid.Shift == _shift)
            return false;
        var slots = Math.Max(256, _slots);
        while (slots < grid.Slots)
            slots *= 2;

        // An array of this size is not moved, so its alignment lasts. If it were moved, only time would be lost.
        var cells = new byte[(CellBytes * slots << grid.Shift) + Alignment];
        var misaligned = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(cells, 0) & (Alignment - 1));
        var first = misaligned == 0 ? 0 : Alignment - misaligned;
        var others = new Int128[slots << grid.Shift];
        for (var slot = 0; slot < _slots; slot++)
        {
            var bytes = CellBytes << _shift;
            _cells.AsSpan(_first + (slot * bytes), bytes).CopyTo(cells.AsSpan(first + (slot * CellBytes << grid.Shift)));
            _others.AsSpan(slot << _shift, 1 << _shift).CopyTo(others.AsSpan(slot << grid.Shift));
        }

        (_cells, _others, _first, _shift, _slots) = (cells, others, first, grid.Shift, slots);
        return true;
    }

    /// <inheritdoc />
    public void Add(int slot, int column, long position, Int128 pico)
    {
        Fit();
        CellAt(slot, column).Rows++;
        _others[(slot << _shift) + column] += pico;
        _hasOthers = true;
    }

    /// <inheritdoc />
    // Compiled fully at its first call: it runs thousands of times or goes through thousands of keys in every batch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Count(ReadOnlySpan<int> slots, ReadOnlySpan<int> columns)
    {
        var count = 0;
        foreach (var slot in slots)
        {
            foreach (var column in columns)
                count += CellAt(slot, column).Rows != 0 ? 1 : 0;
        }

        return count;
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTake(int slot, int column, out Aggregate figure)
    {
        ref var cell = ref CellAt(slot, column);
        if (cell.Rows == 0)
        {
            figure = default;
            return false;
        }

        var sum = (((Int128)cell.Upper * HalfOfDigits) + cell.Lower) * _scale;
        if (_hasOthers)
        {
            ref var other = ref _others[(slot << _shift) + column];
            sum += other;
            other = 0;
        }

        figure = new(new(sum), (long)cell.Rows, null, null, null);
        cell = default;
        return true;
    }

    /// <inheritdoc />
    public void Taken() => _hasOthers = false;

    private ref Cell CellAt(int slot, int column) =>
        ref Unsafe.As<byte, Cell>(ref Unsafe.Add(ref Cells, (nint)((slot << _shift) + column) * CellBytes));
}
