using System.Collections.Immutable;
using System.Globalization;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Series;

/// <summary>What is wanted of a series.</summary>
/// <param name="UnitOverride">Unit to take when the source does not tell it.</param>
/// <param name="AsOf">Date of the edition; wins over the source's own.</param>
public sealed record SeriesRequest(YearRule Year, Unit? UnitOverride = null, DateOnly? AsOf = null);

/// <summary>
/// Takes the rows of the years that are wanted. For one year, a country is a row, with or without a figure; for several, a figure is a row, and
/// a country that has none at all is one without. Pure.
/// </summary>
public static class SeriesChooser
{
    private const string ChooseYear = "choose with --year YEAR, or say when it was published with --as-of DATE";

    /// <summary>The rows, or why it cannot be told which are meant.</summary>
    public static TableReading Choose(SeriesTable table, SeriesRequest request)
    {
        if ((table.Unit ?? request.UnitOverride) is not { } unit)
            return Refused(RefusalReason.UnknownUnit, $"{table.Measure} does not tell its unit", "tell it: --unit usd, thousand, million or billion");
        var edition = request.AsOf ?? table.Edition;
        if (table.Years.IsEmpty || table.Rows.IsEmpty)
            return Refused(RefusalReason.NoTable, "it has no figures", "check that the file is whole, or download it again");
        if (request.Year is YearRule.Auto or YearRule.LatestPerCountry && edition is null)
            return Refused(RefusalReason.NeedsYear, $"it has the years {Span(table.Years)} and tells no date of its own, so forecasts cannot be told from estimates", ChooseYear);
        var (years, told) = YearsOf(table, request.Year, edition);
        if (years.IsEmpty)
            return request.Year is YearRule.Only only
                ? Refused(RefusalReason.NeedsYear, $"it has the years {Span(table.Years)}, and not {Text(only.Year)}", "take one of these: --year YEAR")
                : Refused(RefusalReason.NeedsYear, $"it has no figure of a year up to {Text(edition!.Value.Year)}", ChooseYear);
        var column = years.Length == 1 ? Text(table.Years[years[0]]) : Span([.. years.Select(i => table.Years[i])]);
        return new TableReading.Chosen(
            new TableChoice(table.Title, table.Measure, column, null, unit, years.Length == 1 ? table.Years[years[0]] : null, edition, told, [.. table.Warnings]),
            years.Length == 1 ? OfOne(table, years[0]) : OfMany(table, years));

        static TableReading Refused(RefusalReason reason, string seen, string remedy) =>
            new TableReading.Refused(new TableRefusal(reason, "the years of a series of GDP at current prices", seen, remedy));
    }

    private static (ImmutableArray<int> Indexes, string Told) YearsOf(SeriesTable table, YearRule rule, DateOnly? edition)
    {
        var all = Enumerable.Range(0, table.Years.Length);
        switch (rule)
        {
            case YearRule.Only one:
                return ([.. all.Where(i => table.Years[i] == one.Year)], $"{Text(one.Year)}, as asked");
            case YearRule.All:
                return ([.. all], "every one of the series");
            case YearRule.LatestPerCountry:
                return ([.. all.Where(i => table.Years[i] <= edition!.Value.Year)], "the latest of each country");
            default:
                var latest = all.Reverse().Where(i => table.Years[i] <= edition!.Value.Year && table.Rows.Any(row => HasFigure(row.Values[i]))).Take(1).ToImmutableArray();
                return (latest, latest.IsEmpty ? "" : $"{Text(table.Years[latest[0]])}, the latest up to the edition's date");
        }
    }

    private static ImmutableArray<RawRow> OfOne(SeriesTable table, int year)
    {
        var rows = ImmutableArray.CreateBuilder<RawRow>(table.Rows.Length);
        foreach (var row in table.Rows) rows.Add(Row(row, rows.Count, row.Values[year], Text(table.Years[year])));
        return rows.ToImmutable();
    }

    private static ImmutableArray<RawRow> OfMany(SeriesTable table, ImmutableArray<int> years)
    {
        var rows = ImmutableArray.CreateBuilder<RawRow>();
        foreach (var row in table.Rows)
        {
            var before = rows.Count;
            foreach (var year in years)
                if (!IsEmpty(row.Values[year])) rows.Add(Row(row, rows.Count, row.Values[year], Text(table.Years[year])));
            if (rows.Count == before) rows.Add(Row(row, rows.Count, "", ""));
        }

        return rows.ToImmutable();
    }

    private static RawRow Row(SeriesRow row, int before, string value, string year) =>
        new(0, before + 1, row.Line, null, row.Name, value, year) { Code = row.Code, IsGroup = row.IsGroup };

    private static bool HasFigure(string text) => NumberReader.Read(text, Unit.Usd) is NumberReading.Value;

    private static bool IsEmpty(string text) => NumberReader.Read(text, Unit.Usd) is NumberReading.Missing;

    private static string Span(ImmutableArray<int> years) => years.Length == 1 ? Text(years[0]) : $"{Text(years[0])} to {Text(years[^1])}";

    private static string Text(int year) => year.ToString(CultureInfo.InvariantCulture);
}
