namespace Etl.Domain.Extract;

/// <summary>Which of a publisher's columns is taken when it has several.</summary>
internal static class ColumnChooser
{
    /// <summary>The columns of one publisher that hold figures, or those of nobody when the whole table is one publisher's.</summary>
    /// <param name="tableOwner">Whom the texts about the table name.</param>
    /// <param name="unnamed">True when the columns are taken although nobody is named anywhere.</param>
    public static List<ColumnHeader> Of(TableHeader header, Publisher publisher, PublisherSign tableOwner, bool pageNamesGdp, out bool unnamed)
    {
        var wanted = PublisherSigns.Of(publisher);
        var values = header.Columns.Where(column => column.Role == ColumnRole.Value).ToList();
        unnamed = false;

        var own = values.FindAll(column => column.Publishers == wanted);
        if (own.Count > 0)
            return own;

        var nobodys = values.FindAll(column => column.Publishers == PublisherSign.None && (pageNamesGdp || column.Measure.NamesGdp));
        if (tableOwner == wanted)
            return nobodys;

        var named = tableOwner != PublisherSign.None || header.Columns.Any(column => column.Publishers != PublisherSign.None);
        unnamed = !named && publisher == Publisher.Imf && nobodys.Count > 0;
        return unnamed ? nobodys : [];
    }

    /// <summary>The one column to take; null and a refusal when that cannot be told.</summary>
    /// <param name="pageDate">The page's own date, or the request's.</param>
    public static ColumnHeader? Choose(List<ColumnHeader> columns, int? year, DateOnly? pageDate, List<string> warnings, out (RefusalReason Reason, string Seen, string Remedy) refusal)
    {
        refusal = default;
        if (columns.Count == 1)
            return columns[0];

        var labels = string.Join(", ", columns.Select(column => $"\"{CellText.Shorten(column.Label, 60)}\""));
        var dated = columns.FindAll(column => column.Year is not null);
        if (dated.Count == 0 || dated.Select(column => column.Year).Distinct().Count() < dated.Count)
        {
            refusal = (RefusalReason.Ambiguous, $"several columns fit equally well: {labels}", "remove all but one of them from a copy of the page");
            return null;
        }

        var latest = year ?? pageDate?.Year;
        if (latest is null)
        {
            refusal = (RefusalReason.NeedsYear, $"columns of several years fit ({labels}) and the page tells no date", "choose one by --year, or tell the page's date by --as-of");
            return null;
        }

        dated.Sort((left, right) => Nullable.Compare(left.Year, right.Year));
        if (year is not null)
        {
            var asked = dated.Find(column => column.Year == year);
            if (asked is null)
                refusal = (RefusalReason.NeedsYear, $"no column is of {year}: {labels}", $"choose another --year: {string.Join(", ", dated.Select(column => column.Year))}");
            return asked;
        }

        var past = dated.FindLast(column => column.Year <= latest);
        if (past is not null)
            return past;
        warnings.Add($"all columns are of years after the page's date; the earliest is taken: {CellText.Shorten(dated[0].Label, 60)}");
        return dated[0];
    }

    /// <summary>
    /// The column that tells the years of a value column: of the same header group, else the publisher's only one, else the one directly
    /// to its right that belongs to nobody, else the table's only one.
    /// </summary>
    public static ColumnHeader? YearOf(TableHeader header, ColumnHeader value)
    {
        var years = header.Columns.Where(column => column.Role == ColumnRole.Year).ToList();
        var group = years.Find(column => column.Path.Length > 1 && value.Path.Length > 0 && ReferenceEquals(column.Path[0], value.Path[0]));
        if (group is not null)
            return group;

        var same = value.Publishers == PublisherSign.None ? [] : years.FindAll(column => column.Publishers == value.Publishers);
        if (same.Count == 1)
            return same[0];

        var free = years.FindAll(column => column.Publishers == PublisherSign.None);
        var beside = free.Find(column => column.Index == value.Index + 1);
        var figures = header.Columns.Count(column => column is { Role: ColumnRole.Value, Measure.Other: null });
        return beside ?? (free.Count == 1 && figures == 1 ? free[0] : null);
    }
}
