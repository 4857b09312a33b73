using Etl.Domain.Extract.Series;

namespace Etl.Domain.Extract.Files;

/// <summary>Names in refusals: enough of them to recognise the file, not so many that they hide the remedy.</summary>
internal static class RefusedNames
{
    private const string ColumnsRemedy = "name what is meant: --columns country=NAME,year=NAME,gdp=NAME";

    private const int MostNames = 20;
    private const int LongestName = 40;

    /// <summary>What to do; for a table with years as columns, to take one of them.</summary>
    public static string Remedy(IReadOnlyList<string> names)
    {
        var years = names.Where(name => SeriesTexts.YearOf(name) is not null).ToList();
        return years.Count < 2 ? ColumnsRemedy
            : $"its columns are years: take one of them, --columns country=NAME,gdp={years[^1].Trim()} --year {SeriesTexts.YearOf(years[^1])} --unit usd, thousand, million or billion";
    }

    public static string Plural(string noun) => noun.EndsWith('y') ? noun[..^1] + "ies" : noun + "s";

    public static string Quoted(string name) => $"'{CellText.Shorten(name, LongestName)}'";

    public static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        var more = all.Count - MostNames;
        return string.Join(", ", all.Take(MostNames).Select(Quoted)) + (more > 0 ? $" and {more} more" : "");
    }
}
