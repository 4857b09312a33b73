using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>Puts the cells of a table at their places, the way a browser lays them out. Total: any spans give a grid.</summary>
public static class GridBuilder
{
    /// <summary>Rows of a table that are kept. The largest real one has 222.</summary>
    public const int MaximumRows = 100_000;

    /// <summary>Columns of a table that are kept, and the widest span of a cell: the limit that HTML sets for colspan.</summary>
    public const int MaximumColumns = 1_000;

    /// <summary>Places of a table after expansion; 16 bytes each with their row, so about 32 MB at most.</summary>
    public const int MaximumSlots = 2_000_000;

    /// <summary>The tallest span of a cell: the limit that HTML sets for rowspan.</summary>
    public const int MaximumRowSpan = 65_534;

    /// <summary>The grid of these rows.</summary>
    public static Grid Build(ImmutableArray<SourceRow> rows)
    {
        string? cut = null;
        if (rows.Length > MaximumRows)
        {
            cut = $"more than {MaximumRows} rows";
            rows = rows[..MaximumRows];
        }

        var ends = GroupEnds(rows);
        var slots = new GridCell?[rows.Length][];
        var open = new List<Growing>();
        var line = new List<GridCell?>();
        var (columns, taken) = (0, 0L);
        for (var row = 0; row < rows.Length; row++)
        {
            line.Clear();
            foreach (var growing in open)
                Cover(line, growing.Cell);
            open.RemoveAll(growing => growing.LastRow <= row);

            var at = 0;
            foreach (var cell in rows[row].Cells)
            {
                while (at < line.Count && line[at] is not null)
                    at++;
                if (at >= MaximumColumns || taken + line.Count > MaximumSlots)
                {
                    cut ??= at >= MaximumColumns ? $"more than {MaximumColumns} columns" : $"more than {MaximumSlots} cells";
                    break;
                }

                var width = Math.Clamp(cell.ColumnSpan, 1, MaximumColumns - at);
                var last = cell.RowSpan == 0 ? ends[row] : Math.Min(ends[row], row + Math.Clamp(cell.RowSpan, 1, MaximumRowSpan) - 1);
                var placed = new GridCell(cell.Text, cell.IsHeader, row, at, width);
                Cover(line, placed);
                if (last > row)
                    open.Add(new Growing(placed, last));
                at += width;
            }

            taken += line.Count;
            if (taken > MaximumSlots)
            {
                cut ??= $"more than {MaximumSlots} cells";
                Array.Resize(ref slots, row);
                break;
            }

            slots[row] = [.. line];
            columns = Math.Max(columns, line.Count);
        }

        return new Grid(slots, rows, columns, cut);
    }

    /// <summary>Lets a cell cover its columns of a line. Where two cells claim one place the earlier keeps it.</summary>
    private static void Cover(List<GridCell?> line, GridCell cell)
    {
        while (line.Count < cell.Column + cell.Width)
            line.Add(null);
        for (var column = cell.Column; column < cell.Column + cell.Width; column++)
            line[column] ??= cell;
    }

    /// <summary>The last row of the group that each row is in.</summary>
    private static int[] GroupEnds(ImmutableArray<SourceRow> rows)
    {
        var ends = new int[rows.Length];
        for (var row = rows.Length - 1; row >= 0; row--)
            ends[row] = row + 1 < rows.Length && rows[row + 1].Group == rows[row].Group ? ends[row + 1] : row;
        return ends;
    }

    private readonly record struct Growing(GridCell Cell, int LastRow);
}
