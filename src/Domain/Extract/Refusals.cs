namespace Etl.Domain.Extract;

/// <summary>The words of refusals. They name what was seen, so that a person can find it on the page.</summary>
internal static class Refusals
{
    public const string MeasureRemedy = "use a page of GDP at current prices in US dollars, such as \"List of countries by GDP (nominal)\"";

    // Tables that are described; a page has about ten, and a list of hundreds would hide the answer.
    private const int MostTables = 8;

    private const int LongestText = 80;

    /// <summary>What is looked for.</summary>
    public static string Sought(TableRequest request) => $"a table of countries with GDP at current prices by the {request.Publisher.Title()}";

    /// <summary>A measure that is not wanted.</summary>
    public static string Measure(string text, string words) => $"\"{CellText.Shorten(text, LongestText)}\" says {words}";

    /// <summary>What names a table for people: its caption, the heading above it, or its number.</summary>
    public static string NameOf(PageOutline page, int index)
    {
        var table = page.Tables[index];
        var name = string.IsNullOrEmpty(table.Caption) ? table.OuterHeading : table.Caption;
        return string.IsNullOrEmpty(name) ? $"{index + 1} of the page" : $"\"{CellText.Shorten(name, LongestText)}\"";
    }

    /// <summary>No table fits: what tables there are instead.</summary>
    public static TableRefusal NoTable(PageOutline page, TableRequest request)
    {
        var seen = page.Tables.Select((_, index) => Describe(page, index)).Where(text => text is not null).Take(MostTables + 1).ToList();
        var more = seen.Count > MostTables ? "; and more" : "";
        var list = seen.Count == 0 ? "no table with text" : string.Join("; ", seen.Take(MostTables)) + more;
        var named = page.Heading ?? page.Title;
        var page_ = string.IsNullOrEmpty(named) ? "the page" : $"the page \"{CellText.Shorten(named, LongestText)}\"";
        return new TableRefusal(
            RefusalReason.NoTable, Sought(request), $"{page_} has {list}",
            "check that it is the page meant, or ask for another publisher: --publisher imf, worldbank or un");
    }

    /// <summary>A table by name and first row of text; null when it has none.</summary>
    private static string? Describe(PageOutline page, int index)
    {
        var grid = page.Tables[index].Grid;
        for (var row = 0; row < grid.Rows; row++)
        {
            var texts = new List<string>();
            GridCell? last = null;
            foreach (var cell in grid.Row(row))
            {
                if (cell is { IsBlank: false } && !ReferenceEquals(cell, last))
                    texts.Add(CellText.Shorten(cell.Text, 30));
                last = cell;
            }

            if (texts.Count > 0)
                return $"table {NameOf(page, index)} ({CellText.Shorten(string.Join(" | ", texts), LongestText)})";
        }

        return null;
    }
}
