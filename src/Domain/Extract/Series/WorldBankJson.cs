using System.Globalization;
using System.Text.Json;
using Etl.Domain.Map;

namespace Etl.Domain.Extract.Series;

/// <summary>
/// The World Bank's API: pages <c>[{"page": 1, "pages": 2, ...}, [{"country": ..., "countryiso3code": "FRA", "date": "2023", "value": ...}]]</c>.
/// All pages of a reply make one table; one that lacks any is refused, because the largest economies may be on it.
/// </summary>
public static class WorldBankJson
{
    private const string Indicator = "NY.GDP.MKTP.CD", Sought = "the World Bank's API reply for the indicator NY.GDP.MKTP.CD (GDP, current US$), all pages of it";
    private const string Whole = "download it in one page: https://api.worldbank.org/v2/country/all/indicator/NY.GDP.MKTP.CD?format=json&per_page=20000";
    private const int MostPages = 10_000;

    /// <summary>The table of the pages, in any order.</summary>
    public static SeriesReading Read(IReadOnlyList<ReadOnlyMemory<byte>> pages)
    {
        var draft = new SeriesDraft();
        var seen = new SortedDictionary<int, int>();
        (int Pages, int Total, string Updated)? known = null;
        var others = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var page in pages)
        {
            using var document = SeriesJson.Parse(page, out var problem);
            if (document is null) return No(RefusalReason.NoTable, problem);
            if (SeriesJson.At(document.RootElement, 0) is not { } head || Int(head, "page") is not { } number || Int(head, "pages") is not { } of || of > MostPages)
                return No(RefusalReason.NoTable, Message(document.RootElement));
            var told = (of, Int(head, "total") ?? -1, SeriesJson.Text(SeriesJson.Get(head, "lastupdated")));
            if (known is { } before && before != told) return No(RefusalReason.NoTable, $"its pages are of two replies ({Describe(before)} and {Describe(told)})");
            known = told;
            if (SeriesJson.At(document.RootElement, 1) is not { ValueKind: JsonValueKind.Array } items) return No(RefusalReason.NoTable, $"page {number} has no figures");
            if (!seen.TryAdd(number, items.GetArrayLength())) return No(RefusalReason.NoTable, $"page {number} is given twice");
            foreach (var item in items.EnumerateArray())
            {
                var indicator = SeriesJson.Text(SeriesJson.Get(item, "indicator") is { } i ? SeriesJson.Get(i, "id") : null);
                if (!indicator.Equals(Indicator, StringComparison.OrdinalIgnoreCase))
                {
                    others.Add(CellText.Shorten(indicator, 40));
                    continue;
                }

                var date = SeriesJson.Text(SeriesJson.Get(item, "date"));
                if (SeriesTexts.YearOf(date) is not { } year) return No(RefusalReason.NoTable, $"page {number} has a figure of \"{CellText.Shorten(date, 40)}\", which is no year");
                var country = SeriesJson.Get(item, "country") is { } c ? c : default;
                var added = draft.Add(
                    SeriesJson.Text(SeriesJson.Get(country, "value")), SeriesJson.Text(SeriesJson.Get(item, "countryiso3code")), false, year,
                    SeriesJson.Get(item, "value") is { } value ? SeriesJson.Figure(value, isDouble: false) : "");
                if (!added) return No(RefusalReason.TooLarge, SeriesDraft.TooMuch);
            }
        }

        if (known is not { } reply) return No(RefusalReason.NoTable, "it is empty");
        var missing = Enumerable.Range(1, Math.Max(reply.Pages, 1)).Where(n => !seen.ContainsKey(n)).ToArray();
        var have = seen.Values.Sum();
        if (missing.Length > 0)
            return SeriesReading.No(
                RefusalReason.NoTable, Sought,
                string.Create(CultureInfo.InvariantCulture, $"of its {reply.Pages} pages, {(missing.Length == 1 ? "page" : "pages")} {string.Join(", ", missing.Take(5))}{(missing.Length > 5 ? " and more" : "")} {(missing.Length == 1 ? "is" : "are")} missing: {have} of {reply.Total} figures are here"),
                $"give the other pages as further inputs, or {Whole}");
        if (reply.Total >= 0 && have != reply.Total) return No(RefusalReason.NoTable, $"it announces {reply.Total} figures and has {have}");
        var (years, rows) = draft.Finish();
        if (rows.IsEmpty) return No(RefusalReason.OtherMeasure, others.Count == 0 ? "it has no figures" : $"it is of {string.Join(", ", others.Take(5))}");
        return new SeriesReading.Table(new SeriesTable(
            "World Bank, World Development Indicators", "GDP (current US$)", Unit.Usd, SeriesTexts.DateOf(reply.Updated), years, rows,
            others.Count == 0 ? [] : [$"figures of other indicators are left out, the first is {others.First()}"]));

        static SeriesReading No(RefusalReason reason, string what) => SeriesReading.No(reason, Sought, what, Whole);
    }

    // An error comes as a reply too: [{"message": [{"id": "120", "key": "Invalid value", "value": "..."}]}].
    private static string Message(JsonElement root) =>
        SeriesJson.At(root, 0) is { } head && SeriesJson.Get(head, "message") is { } messages && SeriesJson.At(messages, 0) is { } first
            ? $"the World Bank answered with an error: \"{CellText.Shorten(SeriesJson.Text(SeriesJson.Get(first, "value")), 100)}\""
            : "it does not begin with the number of its page";

    private static string Describe((int Pages, int Total, string Updated) reply) =>
        string.Create(CultureInfo.InvariantCulture, $"{reply.Pages} pages, {reply.Total} figures, updated \"{CellText.Shorten(reply.Updated, 20)}\"");

    private static int? Int(JsonElement of, string name) =>
        int.TryParse(SeriesJson.Text(SeriesJson.Get(of, name)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
