using System.Collections.Immutable;
using Etl.Domain.Countries;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Series;

/// <summary>
/// The World Bank's CSV download of an indicator: preamble lines, a header with the years as columns, a row per country; and, when it is given,
/// the countries' metadata of the same download, which tells groups from countries by an empty region.
/// </summary>
public static class WorldBankCsv
{
    private const string Indicator = "NY.GDP.MKTP.CD", Sought = "the World Bank's CSV download of the indicator NY.GDP.MKTP.CD (GDP, current US$)";
    private const string Remedy = "download it as CSV from data.worldbank.org/indicator/NY.GDP.MKTP.CD and give the file API_NY.GDP.MKTP.CD_....csv";
    private const int HeaderWithin = 20, MaxNamed = 6, MaxOthers = 100;

    /// <summary>True for the data file's text, or its beginning.</summary>
    public static bool IsData(string head) => HeaderOf(new CsvRows(head)) is not null;

    private const string NotThere = "(the row ends before this column)";

    /// <summary>True for the text of the countries' metadata, or its beginning.</summary>
    public static bool IsMetadata(string head) => MetadataOf(new CsvRows(head)) is not null;

    /// <summary>The table of the data file among the texts.</summary>
    /// <param name="texts">A data file, and the metadata of its countries or not, in any order.</param>
    public static SeriesReading Read(IReadOnlyList<string> texts)
    {
        var data = texts.Where(IsData).ToArray();
        if (data.Length != 1)
            return No(RefusalReason.NoTable, data.Length > 1 ? $"{data.Length} data files are given, which may contradict each other"
                : texts.Any(IsMetadata) ? "only the metadata of the countries are given, which hold no figures" : "no line has the columns Country Name, Country Code, Indicator Code and years");
        if (texts.FirstOrDefault(t => !IsData(t) && !IsMetadata(t)) is not null)
            return No(RefusalReason.NoTable, "beside the data file another is given that is not the metadata of its countries");
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts.Where(t => !IsData(t)))
            if (Groups(text, groups) is { } problem) return No(RefusalReason.NoTable, problem);

        var reader = new CsvRows(data[0]);
        var edition = Edition(data[0]);
        var header = HeaderOf(reader)!;
        var (rows, others) = (ImmutableArray.CreateBuilder<SeriesRow>(), new Dictionary<string, int>(StringComparer.Ordinal));
        var left = 0L;
        while (reader.MoveNext())
        {
            var fields = reader.Fields;
            string Field(int index) => index < fields.Count ? fields[index].Trim() : "";
            var indicator = Field(header.Indicator);
            // Remarks below the table have no indicator and no code. A country's row that was cut off is set aside, and not lost without a word.
            if (indicator.Length == 0)
            {
                if (Field(header.Code).Length > 0 && fields.Count <= header.Years[0].Column)
                    rows.Add(new(Field(header.Name), Field(header.Code), groups.Contains(Field(header.Code)), reader.Line, [.. header.Years.Select(_ => NotThere)]));
                continue;
            }

            if (!indicator.Equals(Indicator, StringComparison.OrdinalIgnoreCase))
            {
                left++;
                if (others.Count < MaxOthers) others.TryAdd(indicator, 0);
                continue;
            }

            var code = Field(header.Code);
            rows.Add(new(
                Field(header.Name), code, groups.Contains(code), reader.Line,
                [.. header.Years.Select(y => y.Column < fields.Count ? fields[y.Column].Trim() : NotThere)]));
            if (!SeriesDraft.Holds(rows.Count, header.Years.Length)) return No(RefusalReason.TooLarge, SeriesDraft.TooMuch);
        }

        if (reader.Problem is { } fault) return No(RefusalReason.NoTable, $"line {reader.Line}: {fault}");
        if (rows.Count == 0)
            return No(others.Count == 0 ? RefusalReason.NoTable : RefusalReason.OtherMeasure,
                others.Count == 0 ? "it has no rows" : $"its indicators are {string.Join(", ", others.Keys.Take(MaxNamed).Select(o => CellText.Shorten(o, 40)))}");
        return new SeriesReading.Table(new SeriesTable(
            "World Bank, World Development Indicators", "GDP (current US$)", Unit.Usd, edition, [.. header.Years.Select(y => y.Year)], rows.ToImmutable(),
            left == 0 ? [] : [$"{left} rows of other indicators are left out, the first is {CellText.Shorten(others.Keys.First(), 40)}"]));

        static SeriesReading No(RefusalReason reason, string seen) => SeriesReading.No(reason, Sought, seen, Remedy);
    }

    private static string? Groups(string text, HashSet<string> groups)
    {
        var reader = new CsvRows(text);
        var (code, region) = MetadataOf(reader)!.Value;
        while (reader.MoveNext())
            if (code < reader.Fields.Count && region < reader.Fields.Count && reader.Fields[region].Trim().Length == 0) groups.Add(reader.Fields[code].Trim());
        return reader.Problem is { } problem ? $"the metadata, line {reader.Line}: {problem}" : null;
    }

    // The date stands above the table of a download, and below that of an export.
    private static DateOnly? Edition(string text)
    {
        var reader = new CsvRows(text);
        while (reader.MoveNext())
        {
            if (reader.Fields.Count > 1 && reader.Fields[0].Trim().Equals("Last Updated Date", StringComparison.OrdinalIgnoreCase)) return SeriesTexts.DateOf(reader.Fields[1]);
            const string below = "Last Updated:";
            if (reader.Fields[0].StartsWith(below, StringComparison.OrdinalIgnoreCase)) return SeriesTexts.DateOf(reader.Fields[0][below.Length..]);
        }

        return null;
    }

    private static (int Code, int Region)? MetadataOf(CsvRows rows)
    {
        if (!rows.MoveNext()) return null;
        var names = rows.Fields.Select(f => f.Trim().ToUpperInvariant()).ToList();
        var (code, region) = (names.IndexOf("COUNTRY CODE"), names.IndexOf("REGION"));
        return code >= 0 && region >= 0 && names.Contains("INCOMEGROUP") ? (code, region) : null;
    }

    private static Header? HeaderOf(CsvRows rows)
    {
        for (var i = 0; i < HeaderWithin && rows.MoveNext(); i++)
        {
            var names = rows.Fields.Select(f => f.Trim().ToUpperInvariant()).ToList();
            var (name, code) = (names.IndexOf("COUNTRY NAME"), names.IndexOf("COUNTRY CODE"));
            var indicator = Math.Max(names.IndexOf("INDICATOR CODE"), names.IndexOf("SERIES CODE"));
            var years = names.Select((n, column) => (Year: SeriesTexts.YearOf(n), Column: column)).Where(y => y.Year is not null)
                .Select(y => (y.Year!.Value, y.Column)).DistinctBy(y => y.Item1).OrderBy(y => y.Item1).ToImmutableArray();
            if (name >= 0 && code >= 0 && indicator >= 0 && years.Length > 0) return new(name, code, indicator, years);
        }

        return null;
    }

    private sealed record Header(int Name, int Code, int Indicator, ImmutableArray<(int Year, int Column)> Years);
}
