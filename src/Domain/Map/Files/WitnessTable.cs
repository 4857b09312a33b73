using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Figures whose rows are remembered: what combining <see cref="Aggregate.OfWitnessed"/> over the rows gives, without an object per row.
/// Rows come in the order of their places, so the first is the lowest and comparing amounts with its own is enough.
/// </summary>
internal sealed class WitnessTable(KeyGrid grid) : IFigureTable
{
    private Cell[] _cells = [];
    private int _shift;
    private int _slots;

    /// <summary>Ordinal of the file that the rows are of.</summary>
    public int Input { get; set; }

    private struct Cell
    {
        // A batch has fewer than 2^31 rows of at most 10^27: the sum stays below 2^121.
        public Int128 Sum, First, Second, Different;
        public long Rows, FirstAt, SecondAt, DifferentAt;
    }

    /// <inheritdoc />
    public bool Fit()
    {
        if (grid.Slots <= _slots && grid.Shift == _shift)
            return false;
        var slots = Math.Max(256, _slots);
        while (slots < grid.Slots)
            slots *= 2;
        var cells = new Cell[slots << grid.Shift];
        for (var slot = 0; slot < _slots; slot++)
            _cells.AsSpan(slot << _shift, 1 << _shift).CopyTo(cells.AsSpan(slot << grid.Shift));
        (_cells, _shift, _slots) = (cells, grid.Shift, slots);
        return true;
    }

    /// <inheritdoc />
    public void Add(int slot, int column, long position, Int128 pico)
    {
        Fit();
        ref var cell = ref _cells[(slot << _shift) + column];
        cell.Sum += pico;
        switch (++cell.Rows)
        {
            case 1:
                (cell.First, cell.FirstAt) = (pico, position);
                (cell.SecondAt, cell.DifferentAt) = (-1, -1);
                return;
            case 2:
                (cell.Second, cell.SecondAt) = (pico, position);
                break;
        }

        if (cell.DifferentAt < 0 && pico != cell.First)
            (cell.Different, cell.DifferentAt) = (pico, position);
    }

    /// <inheritdoc />
    public int Count(ReadOnlySpan<int> slots, ReadOnlySpan<int> columns)
    {
        var count = 0;
        foreach (var slot in slots)
        {
            foreach (var column in columns)
                count += _cells[(slot << _shift) + column].Rows != 0 ? 1 : 0;
        }

        return count;
    }

    /// <inheritdoc />
    public bool TryTake(int slot, int column, out Aggregate figure)
    {
        ref var cell = ref _cells[(slot << _shift) + column];
        figure = cell.Rows == 0 ? default : new(
            new(cell.Sum), cell.Rows, WitnessOf(cell.FirstAt, cell.First), WitnessOf(cell.SecondAt, cell.Second), WitnessOf(cell.DifferentAt, cell.Different));
        cell = default;
        return figure.Rows != 0;
    }

    /// <inheritdoc />
    public void Taken() { }

    private Witness? WitnessOf(long position, Int128 pico) => position < 0 ? null : new(new Place(Input, position), new Money(pico));
}
