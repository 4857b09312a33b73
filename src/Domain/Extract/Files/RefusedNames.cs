namespace Etl.Domain.Extract.Files;

/// <summary>Names in refusals: enough of them to recognise the file, not so many that they hide the remedy.</summary>
internal static class RefusedNames
{
    public const string ColumnsRemedy = "name what is meant: --columns country=NAME,year=NAME,gdp=NAME";

    private const int MostNames = 20;
    private const int LongestName = 40;

    public static string Plural(string noun) => noun.EndsWith('y') ? noun[..^1] + "ies" : noun + "s";

    public static string Quoted(string name) => $"'{CellText.Shorten(name, LongestName)}'";

    public static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        var more = all.Count - MostNames;
        return string.Join(", ", all.Take(MostNames).Select(Quoted)) + (more > 0 ? $" and {more} more" : "");
    }
}
