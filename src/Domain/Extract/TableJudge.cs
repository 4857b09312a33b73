namespace Etl.Domain.Extract;

/// <summary>Judges one table of a page by what its header, caption and page say. Pure.</summary>
internal static class TableJudge
{
    /// <summary>What the table is to the request.</summary>
    public static TableVerdict Judge(PageOutline page, int index, TableRequest request, string sought)
    {
        var table = page.Tables[index];
        if (TableHeader.Of(table.Grid) is not { } header)
            return TableVerdict.Unfit.Instance;

        var signs = PageSigns.Of(page, table, header);
        var country = header.Columns.First(column => column.Role == ColumnRole.Country);
        var columns = ColumnChooser.Of(header, request.Publisher, signs.Publisher, signs.NamesGdp, out var unnamed)
            .FindAll(column => FigureCount.Of(table.Grid, header.Rows, column.Index).AreFigures);
        if (columns.Count == 0)
            return TableVerdict.Unfit.Instance;

        TableVerdict.Refuses Refuse(RefusalReason reason, string seen, string remedy) =>
            new(new TableRefusal(reason, sought, $"table {Refusals.NameOf(page, index)}: {seen}", remedy));

        if (table.Grid.Cut is { } cut)
            return Refuse(RefusalReason.TooLarge, $"it has {cut}", "split the table into several files");
        if (signs.OtherMeasure is { } other)
            return Refuse(RefusalReason.OtherMeasure, Refusals.Measure(other.Text, other.Words), Refusals.MeasureRemedy);

        var nominal = columns.FindAll(column => column.Measure.Other is null && !column.Measure.Mixed && (!signs.IsMixed || column.Measure.Nominal));
        if (nominal.Count == 0)
        {
            var words = columns[0].Measure.Other ?? "nominal and purchasing power, not which of them";
            return Refuse(RefusalReason.OtherMeasure, Refusals.Measure(columns[0].Label, words), Refusals.MeasureRemedy);
        }

        if (!signs.NamesGdp && !nominal.Exists(column => column.Measure.NamesGdp))
            return Refuse(RefusalReason.OtherMeasure, "neither title, caption nor header names GDP", Refusals.MeasureRemedy);

        var warnings = new List<string>();
        var pageDate = request.AsOf ?? page.EditionDate;
        if (ColumnChooser.Choose(nominal, request.ColumnYear, pageDate, warnings, out var refusal) is not { } value)
            return Refuse(refusal.Reason, refusal.Seen, refusal.Remedy);

        var figures = FigureCount.Of(table.Grid, header.Rows, value.Index);
        if (UnitChooser.Choose(value, signs, request.UnitOverride, figures.MostDigits, warnings, out var reason, out var seen) is not { } unit)
            return Refuse(reason, seen, reason == RefusalReason.UnknownUnit ? "tell it by --unit" : "use a page in US dollars");

        if (unnamed)
            warnings.Add($"no publisher is named; column \"{CellText.Shorten(value.Label, 60)}\" is taken as the IMF's");
        var year = ColumnChooser.YearOf(header, value);
        return new TableVerdict.Fits(new Candidate(
            index, table, header, country, value, year, unit, HeaderYear(table, header, value, year), figures.Figures, [.. warnings]));
    }

    /// <summary>The year that header or outer heading print; the caption's only where no column tells the years.</summary>
    private static int? HeaderYear(PageTable table, TableHeader header, ColumnHeader value, ColumnHeader? year) =>
        value.Year ?? CellKind.OnlyYear(table.OuterHeading)
        ?? (year is null ? CellKind.OnlyYear(header.Title) ?? CellKind.OnlyYear(table.Caption) : null);
}
