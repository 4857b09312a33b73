using Etl.Domain.Load;

namespace Etl.Host.Screen;

/// <summary>The countries in as many columns as fit, read downwards as a ranking is.</summary>
internal static class CountryColumns
{
    private const string Gap = "   ";

    public static IEnumerable<Line> Lines(IReadOnlyList<CountryRow> countries, int width)
    {
        if (countries.Count == 0) yield break;
        var cells = countries.Select(c => (Rank: Wording.Number(c.Rank), Name: Wording.Name(c.Country), Amount: Wording.Billions(c.Gdp))).ToArray();

        // The most columns whose own widths fit; one column always does.
        var columns = Enumerable.Range(1, Math.Min(cells.Length, width / 16)).Reverse()
            .Select(count => cells.Chunk((cells.Length + count - 1) / count).Select(Column).ToArray())
            .First(c => c.Length == 1 || c.Sum(x => x[0].Width) + (Gap.Length * (c.Length - 1)) <= width);
        for (var row = 0; row < columns[0].Length; row++)
        {
            var line = new Line();
            foreach (var (index, column) in columns.Index())
            {
                if (row >= column.Length) continue;
                if (index > 0) line.Add(Gap);
                line.Append(column[row]);
            }

            yield return line;
        }
    }

    private static Line[] Column((string Rank, string Name, string Amount)[] cells)
    {
        var rank = cells.Max(c => c.Rank.Length);
        var name = cells.Max(c => Cells.Width(c.Name));
        var amount = cells.Max(c => c.Amount.Length);
        return [.. cells.Select(c => new Line(
            new Span(c.Rank.PadLeft(rank) + " ", Tone.Dim), Cells.PadRight(c.Name, name) + "  ", c.Amount.PadLeft(amount)))];
    }
}
