using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>The header of a table: which rows it takes, what it says of the whole table, and what it says of each column.</summary>
/// <param name="Rows">Rows before the first data row; blank ones among them count.</param>
/// <param name="Title">Texts that span all columns: they speak of the whole table.</param>
/// <param name="Columns">One header per column of the grid.</param>
internal sealed record TableHeader(int Rows, string Title, ImmutableArray<ColumnHeader> Columns)
{
    // Real headers have one to three rows; a table whose "header" goes on is not one of ours.
    private const int MaximumRows = 12;

    /// <summary>Reads the header of a grid; null when no column is headed as countries' names.</summary>
    public static TableHeader? Of(Grid grid)
    {
        var rows = CountRows(grid);
        if (rows == 0)
            return null;

        var titles = new List<string>();
        var columns = ImmutableArray.CreateBuilder<ColumnHeader>(grid.Columns);
        for (var column = 0; column < grid.Columns; column++)
            columns.Add(ColumnHeader.Of(column, PathOf(grid, rows, column, titles)));

        return columns.Any(column => column.Role == ColumnRole.Country)
            ? new TableHeader(rows, string.Join(" · ", titles), columns.MoveToImmutable())
            : null;
    }

    /// <summary>True for a row that names its columns again further down, or holds nothing but headings.</summary>
    public static bool IsRepeatedAt(Grid grid, int row, ColumnHeader country, ColumnHeader value)
    {
        var text = grid.Text(row, value.Index);
        return ColumnHeader.IsCountryHeading(grid.Text(row, country.Index))
            || (IsAllHeaders(grid, row) && !CellKind.LooksNumeric(text) && !CellKind.LooksMissing(text));
    }

    private static int CountRows(Grid grid)
    {
        var header = 0;
        for (var row = 0; row < Math.Min(grid.Rows, MaximumRows); row++)
        {
            if (IsBlank(grid, row) || IsTitle(grid, row))
                continue;
            if (HasFigures(grid, row))
                break;
            if (!grid.InHead(row) && !IsAllHeaders(grid, row) && !NamesCountries(grid, row))
                break;
            header = row + 1;
        }

        return header;
    }

    private static ImmutableArray<GridCell> PathOf(Grid grid, int rows, int column, List<string> titles)
    {
        var path = ImmutableArray.CreateBuilder<GridCell>();
        for (var row = 0; row < rows; row++)
        {
            if (grid[row, column] is not { IsBlank: false } cell || (path.Count > 0 && ReferenceEquals(path[^1], cell)))
                continue;
            if (cell.Width >= grid.Columns && grid.Columns > 1)
            {
                if (column == 0 && !titles.Contains(cell.Text))
                    titles.Add(cell.Text);
            }
            else if (path.Count == 0 || path[^1].Text != cell.Text)
                path.Add(cell);
        }

        return path.ToImmutable();
    }

    private static bool IsBlank(Grid grid, int row)
    {
        foreach (var cell in grid.Row(row))
        {
            if (cell is { IsBlank: false })
                return false;
        }

        return true;
    }

    /// <summary>One cell over all columns: a title when a header follows, otherwise just text.</summary>
    private static bool IsTitle(Grid grid, int row) => grid.Columns > 1 && grid[row, 0] is { } cell && cell.Width >= grid.Columns;

    private static bool IsAllHeaders(Grid grid, int row)
    {
        foreach (var cell in grid.Row(row))
        {
            if (cell is { IsBlank: false, IsHeader: false })
                return false;
        }

        return true;
    }

    /// <summary>A header made of plain cells is known by its country heading, which may reach down from the row above.</summary>
    private static bool NamesCountries(Grid grid, int row)
    {
        foreach (var cell in grid.Row(row))
        {
            if (cell is not null && ColumnHeader.IsCountryHeading(cell.Text))
                return true;
        }

        return false;
    }

    /// <summary>
    /// A row of data even where it is marked as a header ("World" often is): it holds a name and a figure. A row that numbers the columns
    /// has no name.
    /// </summary>
    private static bool HasFigures(Grid grid, int row)
    {
        var (named, figured) = (false, false);
        foreach (var cell in grid.Row(row))
        {
            if (cell is not { IsBlank: false })
                continue;
            if (CellKind.LooksNumeric(cell.Text))
                figured = true;
            else
                named |= cell.Text.Any(char.IsLetter) && !ColumnHeader.IsCountryHeading(cell.Text);
        }

        return named && figured;
    }
}
