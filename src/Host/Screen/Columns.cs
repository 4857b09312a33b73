namespace Etl.Host.Screen;

/// <summary>A column of a table of text.</summary>
/// <param name="Right">Numbers stand at the right.</param>
internal sealed record Column(string Heading, IReadOnlyList<Span> Cells, bool Right = false);

/// <summary>Lays columns side by side; the last one gets what is left of the line, and is cut.</summary>
internal static class Columns
{
    private const string Gap = "  ";
    private const int LeastLast = 10;

    public static IEnumerable<Line> Lines(IReadOnlyList<Column> columns, Glyphs glyphs, int width)
    {
        var widths = columns.Select(c => Math.Max(Cells.Width(c.Heading), c.Cells.Select(s => Cells.Width(s.Text)).DefaultIfEmpty().Max())).ToArray();
        widths[^1] = Math.Max(LeastLast, width - widths[..^1].Sum(w => w + Gap.Length));
        yield return Row(columns.Select(c => new Span(c.Heading, Tone.Dim)), columns, widths, glyphs);
        for (var row = 0; row < columns[0].Cells.Count; row++) yield return Row(columns.Select(c => c.Cells[row]), columns, widths, glyphs);
    }

    private static Line Row(IEnumerable<Span> cells, IReadOnlyList<Column> columns, int[] widths, Glyphs glyphs)
    {
        var line = new Line();
        foreach (var (index, cell) in cells.Index())
        {
            var text = Cells.Cut(cell.Text, widths[index], glyphs.Ellipsis);
            if (index > 0) line.Add(Gap);
            line.Add(new Span(columns[index].Right ? Cells.PadLeft(text, widths[index]) : Cells.PadRight(text, widths[index]), cell.Tone));
        }

        return line;
    }
}
