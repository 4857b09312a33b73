namespace Etl.Domain.Extract;

/// <summary>What the cells under a header look like: figures, marks for "no estimate", or something else.</summary>
/// <param name="Figures">Cells that look like a number.</param>
/// <param name="Others">Cells that are neither a number nor a mark for a missing one.</param>
/// <param name="MostDigits">Digits before the decimal point of the longest number.</param>
internal readonly record struct FigureCount(int Figures, int Others, int MostDigits)
{
    /// <summary>True for a column of figures: there is one, and they are not the exception. A column of ticks or links is none.</summary>
    public bool AreFigures => Figures > 0 && Figures >= Others;

    /// <summary>Counts a column below its header.</summary>
    public static FigureCount Of(Grid grid, int firstRow, int column)
    {
        var (figures, others, most) = (0, 0, 0);
        for (var row = firstRow; row < grid.Rows; row++)
        {
            var text = grid.Text(row, column);
            if (CellKind.LooksNumeric(text))
            {
                figures++;
                most = Math.Max(most, WholeDigits(text));
            }
            else if (!CellKind.LooksMissing(text))
                others++;
        }

        return new FigureCount(figures, others, most);
    }

    private static int WholeDigits(string text)
    {
        var digits = 0;
        foreach (var c in text)
        {
            if (c is '.' or '(')
                break;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return digits;
    }
}
