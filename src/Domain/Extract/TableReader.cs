using System.Collections.Immutable;

namespace Etl.Domain.Extract;

/// <summary>Finds the table and column that a request means, by the words of headers and never by position, and takes its rows. Pure.</summary>
public static class TableReader
{
    /// <summary>The rows of the table that fits, or a refusal that names what was seen instead.</summary>
    public static TableReading Read(PageOutline page, TableRequest request)
    {
        var sought = Refusals.Sought(request);
        if (PageSigns.Of(page).OtherMeasure is { } other)
            return Refused(new TableRefusal(RefusalReason.OtherMeasure, sought, Refusals.Measure(other.Text, other.Words), Refusals.MeasureRemedy));

        var fitting = new List<Candidate>();
        TableRefusal? refusal = null;
        for (var index = 0; index < page.Tables.Length; index++)
        {
            switch (TableJudge.Judge(page, index, request, sought))
            {
                case TableVerdict.Fits fits when !IsInside(page, index, fitting):
                    fitting.Add(fits.Candidate);
                    break;
                case TableVerdict.Refuses refuses:
                    refusal ??= refuses.Refusal;
                    break;
            }
        }

        return fitting.Count > 0 ? Take(page, request, fitting) : Refused(refusal ?? Refusals.NoTable(page, request));
    }

    private static TableReading.Refused Refused(TableRefusal refusal) => new(refusal);

    /// <summary>True when an outer table of this one fits already: the outermost is meant. Outer tables stand before inner ones.</summary>
    private static bool IsInside(PageOutline page, int index, List<Candidate> fitting)
    {
        for (var outer = page.Tables[index].Outer; outer is { } at && at < index; outer = page.Tables[at].Outer, index = at)
        {
            if (fitting.Exists(candidate => candidate.Index == at))
                return true;
        }

        return false;
    }

    /// <summary>The table with the most figures; of equals the one of the later year, then the first.</summary>
    private static TableReading.Chosen Take(PageOutline page, TableRequest request, List<Candidate> fitting)
    {
        var best = fitting
            .OrderByDescending(candidate => request.ColumnYear is { } year && candidate.HeaderYear == year)
            .ThenByDescending(candidate => candidate.Figures)
            .ThenByDescending(candidate => candidate.HeaderYear ?? 0)
            .ThenBy(candidate => candidate.Index)
            .First();
        var warnings = best.Warnings.ToList();
        if (fitting.Count > 1)
            warnings.Add($"{fitting.Count} tables fit; the one with the most figures is taken ({best.Figures})");

        var rows = RowsOf(best, request.Input, warnings);
        var column = string.IsNullOrEmpty(best.Table.OuterHeading) ? best.Value.Label : $"{best.Table.OuterHeading} / {best.Value.Label}";
        var table = FirstText(best.Table.Caption, best.Header.Title, page.Heading, page.Title) ?? $"table {best.Index + 1}";
        var years = best.Year is not null ? "printed in each row" : best.HeaderYear is { } only ? $"{only}, from the header" : "not stated";
        return new TableReading.Chosen(
            new TableChoice(page.Heading ?? page.Title ?? "", table, column, best.Year?.Label, best.Unit, best.HeaderYear, request.AsOf ?? page.EditionDate, years, [.. warnings]), rows);
    }

    private static string? FirstText(params string?[] texts) => texts.FirstOrDefault(text => !string.IsNullOrEmpty(text));

    private static ImmutableArray<RawRow> RowsOf(Candidate candidate, int input, List<string> warnings)
    {
        var (grid, country, value) = (candidate.Table.Grid, candidate.Country, candidate.Value);
        var rows = ImmutableArray.CreateBuilder<RawRow>();
        var (shortRows, firstShort) = (0, "");
        for (var row = candidate.Header.Rows; row < grid.Rows; row++)
        {
            var name = grid[row, country.Index];
            var figure = grid[row, value.Index];
            if (figure is null && name is { IsBlank: false, IsHeader: false, Width: 1 })
            {
                firstShort = shortRows++ == 0 ? name.Text : firstShort;
                continue;
            }

            // One cell under both headings is a heading or a remark inside the table. A figure without a name is kept: it must be seen.
            if (figure is null || ReferenceEquals(name, figure) || TableHeader.IsRepeatedAt(grid, row, country, value))
                continue;
            var nameText = name?.Text ?? "";
            if (nameText.Length == 0 && !CellKind.LooksNumeric(figure.Text))
                continue;

            // A cell that covers value and year ("no data") is a value; repeating it as a year would be noise.
            var year = candidate.Year is { } column && grid[row, column.Index] is { } cell && !ReferenceEquals(cell, figure) ? cell.Text : "";
            rows.Add(new RawRow(input, rows.Count + 1, grid.Line(row), null, nameText, figure.Text, year));
        }

        if (shortRows > 0)
            warnings.Add($"{shortRows} rows end before column \"{CellText.Shorten(value.Label, 60)}\" and are left out, the first is \"{CellText.Shorten(firstShort, 60)}\"");
        return rows.ToImmutable();
    }
}
