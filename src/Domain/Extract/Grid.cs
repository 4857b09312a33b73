using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>A table with every cell at its place: row spans and column spans are expanded, so that a column is a column.</summary>
public sealed class Grid
{
    private readonly GridCell?[][] slots;
    private readonly ImmutableArray<SourceRow> source;

    internal Grid(GridCell?[][] slots, ImmutableArray<SourceRow> source, int columns, string? cut)
    {
        this.slots = slots;
        this.source = source;
        Columns = columns;
        Cut = cut;
    }

    /// <summary>Number of rows.</summary>
    public int Rows => slots.Length;

    /// <summary>Number of columns of the widest row; shorter rows have no cell there.</summary>
    public int Columns { get; }

    /// <summary>What was too large and is left out, null when the table is whole. A cut table is never read: rows would be missing.</summary>
    public string? Cut { get; }

    /// <summary>The cell that covers a place, null when none does.</summary>
    public GridCell? this[int row, int column]
    {
        get
        {
            var cells = slots[row];
            return column < cells.Length ? cells[column] : null;
        }
    }

    /// <summary>The cells of a row, one per column that it reaches; a spanning cell appears once for each column.</summary>
    public ReadOnlySpan<GridCell?> Row(int row) => slots[row];

    /// <summary>True when the source calls the row's group a head.</summary>
    public bool InHead(int row) => source[row].InHead;

    /// <summary>One-based line of the row in the file, when known.</summary>
    public long? Line(int row) => source[row].Line;

    /// <summary>Text of the cell that covers a place, empty when none does.</summary>
    public string Text(int row, int column) => this[row, column]?.Text ?? "";
}
