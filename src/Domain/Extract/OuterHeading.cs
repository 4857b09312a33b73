namespace Etl.Domain.Extract;

/// <summary>
/// Names a table that stands inside a cell of another one: layouts set tables side by side and print their names only above them. Pure.
/// </summary>
public static class OuterHeading
{
    // A longer text in the cell is prose around the table, which has no say.
    private const int LongestHeading = 120;

    /// <summary>The text above a table in its outer table, then the outer table's own names; null when there is none.</summary>
    /// <param name="outer">The outer table, its own outer heading already known.</param>
    /// <param name="row">Row of the cell that holds the inner table.</param>
    /// <param name="ordinal">Number of that cell among the row's own cells, from 0.</param>
    public static string? Of(PageTable outer, int row, int ordinal)
    {
        string?[] names = [Above(outer.Grid, row, ordinal), outer.Caption, outer.OuterHeading];
        var heading = string.Join(" · ", names.Where(name => !string.IsNullOrEmpty(name)));
        return heading.Length == 0 ? null : heading;
    }

    private static string? Above(Grid grid, int row, int ordinal)
    {
        if (row >= grid.Rows || OwnCell(grid, row, ordinal) is not { } cell)
            return null;
        if (cell.Text.Length is > 0 and <= LongestHeading)
            return cell.Text;
        for (var above = row - 1; above >= 0; above--)
        {
            if (grid.Text(above, cell.Column) is { Length: > 0 } text)
                return text.Length <= LongestHeading ? text : null;
        }

        return null;
    }

    private static GridCell? OwnCell(Grid grid, int row, int ordinal)
    {
        GridCell? last = null;
        foreach (var cell in grid.Row(row))
        {
            if (cell is null || cell.Row != row || ReferenceEquals(cell, last))
                continue;
            last = cell;
            if (ordinal-- == 0)
                return cell;
        }

        return null;
    }
}
