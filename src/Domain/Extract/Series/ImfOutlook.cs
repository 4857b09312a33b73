using System.Collections.Immutable;
using Etl.Domain.Countries;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Series;

/// <summary>
/// The IMF's World Economic Outlook database as text ("WEO_Data.xls", which is no workbook): a header, a row per country and subject with the
/// years as columns, and a last line that names the publication's month. Tab, comma or semicolon stand between fields.
/// </summary>
public static class ImfOutlook
{
    private const string Sought = "the IMF's World Economic Outlook database as text, with GDP at current prices in US dollars (NGDPD)";
    private const string Remedy = "select the subject NGDPD in the database's \"By Countries\" report and download that";
    private const string NotThere = "(the row ends before this column)";
    private const int HeaderWithin = 20, MaxNamed = 6, MaxOthers = 100;

    private static readonly char[] Delimiters = ['\t', ',', ';'];

    /// <summary>The delimiter of a text whose header is this database's; null when it has no such header.</summary>
    public static char? DelimiterOf(string head) => Delimiters.Select(d => (char?)d).FirstOrDefault(d => HeaderOf(new CsvRows(head, d!.Value)) is not null);

    /// <summary>The table of a text, or what was seen instead.</summary>
    public static SeriesReading Read(string text)
    {
        if (DelimiterOf(text.Length > 65_536 ? text[..65_536] : text) is not { } delimiter)
            return SeriesReading.No(RefusalReason.NoTable, Sought, "no line has the columns Country, Subject Descriptor, Units, Scale and years", Remedy);
        var reader = new CsvRows(text, delimiter);
        var header = HeaderOf(reader)!;
        var (rows, others, scales) = (ImmutableArray.CreateBuilder<SeriesRow>(), new Dictionary<string, int>(StringComparer.Ordinal), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        DateOnly? edition = null;
        var left = 0L;
        while (reader.MoveNext())
        {
            var fields = reader.Fields;
            string Field(int? index) => index is { } at && at < fields.Count ? fields[at].Trim() : "";
            var (name, subject) = (Field(header.Country), Field(header.Subject));
            if (subject.Length == 0 && Field(header.SubjectCode).Length == 0)
            {
                // A country's row that was cut off is no remark: it is set aside, and not lost without a word.
                if (fields.Count <= header.Years[0].Column && (CountryDirectory.Default.ResolveCode(Field(header.Iso)) is not NameMatch.Unknown || CountryDirectory.Default.Resolve(name) is not NameMatch.Unknown))
                {
                    rows.Add(new(name, Field(header.Iso), header.IsOfGroups, reader.Line, [.. header.Years.Select(_ => NotThere)]));
                    continue;
                }

                // A remark below the table; the last one names the publication.
                edition = SeriesTexts.MonthIn(string.Join(' ', fields)) ?? edition;
                continue;
            }

            if (!header.IsWanted(Field))
            {
                left++;
                // A few are named; a file that was made to have millions of them is not to fill the memory.
                if (others.Count < MaxOthers) others.TryAdd($"{subject} ({Field(header.Units)})", 0);
                continue;
            }

            scales.Add(Field(header.Scale));
            rows.Add(new(
                name, Field(header.Iso), header.IsOfGroups, reader.Line,
                [.. header.Years.Select(y => y.Column < fields.Count ? fields[y.Column].Trim() : NotThere)]));
            if (!SeriesDraft.Holds(rows.Count, header.Years.Length)) return SeriesReading.No(RefusalReason.TooLarge, Sought, SeriesDraft.TooMuch, Remedy);
        }

        if (reader.Problem is { } problem) return SeriesReading.No(RefusalReason.NoTable, Sought, $"line {reader.Line}: {problem}", "check that the file is whole, or download it again");
        if (scales.Count == 0)
        {
            var named = others.Keys.Take(MaxNamed).Select(o => $"\"{CellText.Shorten(o, 100)}\"").ToArray();
            return SeriesReading.No(
                named.Length == 0 ? RefusalReason.NoTable : RefusalReason.OtherMeasure, Sought,
                named.Length == 0 ? "it has no rows" : $"its subjects are {string.Join(", ", named)}", Remedy);
        }

        if (scales.Count > 1)
            return SeriesReading.No(RefusalReason.UnknownUnit, Sought, $"its rows have the scales {string.Join(", ", scales.Select(s => $"\"{CellText.Shorten(s, 30)}\"").Take(MaxNamed))}", "one scale for all rows is needed: download the subject NGDPD alone");
        return new SeriesReading.Table(new SeriesTable(
            "IMF World Economic Outlook" + (edition is { } of ? of.ToString(", MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture) : ""), "Gross domestic product, current prices (U.S. dollars)",
            UnitOf(scales.First()), edition, [.. header.Years.Select(y => y.Year)], rows.ToImmutable(),
            left == 0 ? [] : [$"{left} rows of other subjects are left out, the first is {others.Keys.First()}"]));
    }

    private static Unit? UnitOf(string scale) => scale.ToLowerInvariant() switch
    {
        "billions" => Unit.Billion,
        "millions" => Unit.Million,
        "thousands" => Unit.Thousand,
        "units" => Unit.Usd,
        _ => null,
    };

    private static Header? HeaderOf(CsvRows rows)
    {
        for (var i = 0; i < HeaderWithin && rows.MoveNext(); i++)
            if (Header.Of(rows.Fields) is { } header) return header;
        return null;
    }

    private sealed record Header(
        int Country, int? Iso, int? SubjectCode, int? Subject, int? Units, int? Scale, bool IsOfGroups, ImmutableArray<(int Year, int Column)> Years)
    {
        public static Header? Of(IReadOnlyList<string> fields)
        {
            int? At(string name)
            {
                for (var i = 0; i < fields.Count; i++)
                    if (fields[i].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return i;
                return null;
            }

            var groups = At("Country Group Name");
            var years = Enumerable.Range(0, fields.Count).Select(i => (Year: SeriesTexts.YearOf(fields[i]), Column: i)).Where(y => y.Year is not null)
                .Select(y => (y.Year!.Value, y.Column)).DistinctBy(y => y.Item1).OrderBy(y => y.Item1).ToImmutableArray();
            return (At("Country") ?? groups) is { } country && (At("Subject Descriptor") ?? At("WEO Subject Code")) is not null && years.Length > 0
                ? new(country, At("ISO"), At("WEO Subject Code"), At("Subject Descriptor"), At("Units"), At("Scale"), groups is not null && At("Country") is null, years)
                : null;
        }

        public bool IsWanted(Func<int?, string> field) => SubjectCode is not null && field(SubjectCode).Length > 0
            ? field(SubjectCode).Equals("NGDPD", StringComparison.OrdinalIgnoreCase)
            : field(Subject).Equals("Gross domestic product, current prices", StringComparison.OrdinalIgnoreCase)
                && field(Units).Replace(".", "", StringComparison.Ordinal).Equals("US dollars", StringComparison.OrdinalIgnoreCase);
    }
}
